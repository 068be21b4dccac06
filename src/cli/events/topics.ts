import {fleeting, topics} from '../../core/protocol/topics.js'

/** What tasks and services say is too much for those who have not asked. */
export const usualTopics = topics.filter((topic) => !fleeting.has(topic))
