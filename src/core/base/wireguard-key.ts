/** A key as wireguard writes it: 32 bytes in base64, of which the last sign has two bits that mean nothing. */
export function isWireguardKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(text)
}
