/** `api`, `api-2`, `api-3`: a number never changes while others come and go. */
export function replicaName(service: string, replica: number): string {
  return replica === 1 ? service : `${service}-${replica}`
}
