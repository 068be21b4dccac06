import type {CollectionTag, ScalarTag, Tags} from 'yaml'
import type {MergeTag} from './node.js'

/** `!reset` and `!override`, as in Compose files: on any value of a file that is laid over another. */
export function withMergeTags(core: Tags): Tags {
  const scalars = core.filter(
    (tag): tag is ScalarTag => typeof tag === 'object' && !('collection' in tag && tag.collection),
  )
  const override: ScalarTag = {tag: '!override', resolve: (text) => plainValue(scalars, text)}
  const reset: ScalarTag = {tag: '!reset', resolve: () => null}
  return [...core, override, reset, ...collections('!override'), ...collections('!reset')]
}

/** What a tag of a parsed node says about merging. */
export function mergeTag(tag: string | undefined): MergeTag | undefined {
  if (tag === '!override') return 'override'
  return tag === '!reset' ? 'reset' : undefined
}

/** A tagged scalar is read as it would be without its tag. */
function plainValue(scalars: readonly ScalarTag[], text: string): unknown {
  const known = scalars.find((tag) => tag.default === true && tag.test?.test(text))
  return known ? known.resolve(text, () => undefined, {}) : text
}

function collections(tag: string): CollectionTag[] {
  return [
    {tag, collection: 'map'},
    {tag, collection: 'seq'},
  ]
}
