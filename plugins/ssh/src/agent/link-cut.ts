/** What was asked for may have been done there, or not: nobody is left to say so. It is asked for again when there is a link. */
export class LinkCut extends Error {
  override readonly name = 'LinkCut'
}
