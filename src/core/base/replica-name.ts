/** `api`, `api-2`, `api-3`: a number never changes while others come and go. */
export function replicaName(service: string, replica: number): string {
  return replica === 1 ? service : `${service}-${replica}`
}

/** By its name `replica` is one of `service`, but not the first. */
export function isReplicaOf(service: string, replica: string): boolean {
  return replica.startsWith(`${service}-`) && /^[1-9]\d*$/.test(replica.slice(service.length + 1))
}
