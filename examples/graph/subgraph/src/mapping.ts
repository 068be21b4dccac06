import {Address, BigInt} from '@graphprotocol/graph-ts'
import {Transfer as TransferEvent} from '../generated/Token/Token'
import {Account, Transfer} from '../generated/schema'

export function handleTransfer(event: TransferEvent): void {
  const from = event.params.from
  const to = event.params.to
  const value = event.params.value

  const transfer = new Transfer(event.transaction.hash.concatI32(event.logIndex.toI32()))
  transfer.from = from
  transfer.to = to
  transfer.value = value
  transfer.block = event.block.number
  transfer.save()

  // The first transfer makes the supply out of nothing.
  if (from != Address.zero()) add(from, value.neg())
  add(to, value)
}

function add(address: Address, value: BigInt): void {
  let account = Account.load(address)
  if (account == null) {
    account = new Account(address)
    account.balance = BigInt.zero()
  }
  account.balance = account.balance.plus(value)
  // A subgraph that begins after the first transfer fails here: it has not seen where the tokens come from.
  assert(account.balance >= BigInt.zero(), 'account ' + address.toHexString() + ' gives more than it has')
  account.save()
}
