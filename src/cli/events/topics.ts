import {topics} from '../../core/protocol/topics.js'

/** What tasks say is too much for those who have not asked. */
export const usualTopics = topics.filter((topic) => topic !== 'task.event')
