import {sameAddress, shortNames, type FoundContract} from './found-contract.js'
import {readLine} from './read-lines.js'
import type {ContractStatus} from './task-of.js'

interface ContractEvent {
  readonly contract: string
  readonly address?: string
  readonly status: ContractStatus
}

/** Gathers what the lines of a tool tell of contracts. */
export class ContractLines {
  private readonly found: FoundContract[] = []
  private readonly told = new Set<string>()

  /** @param there contracts that were there before @param unnamed what a line is about that names no contract, `PATH:NAME` or `NAME` */
  constructor(
    private readonly there: readonly FoundContract[],
    private readonly unnamed: string | undefined,
  ) {}

  /** What is new in a line: tools draw the same again and again. */
  take(text: string): readonly ContractEvent[] {
    const read = readLine(text)
    const name = read?.contract ?? this.unnamed?.split(':').at(-1)
    if (read === undefined || name === undefined) return []
    const {address, status} = read
    if (address !== undefined && !this.found.some((each) => each.name === name && sameAddress(each.address, address))) {
      this.found.push({name, address})
    }
    const [{name: contract} = {name}] = shortNames([{name, address: ''}])
    if (address === undefined) return this.once({contract, status})
    return this.once({contract, address, status: status === 'deployed' && this.wasThere(address) ? 'reused' : status})
  }

  /** Contracts that lines have named with their address. Of one that was named twice, the last counts. */
  contracts(): readonly FoundContract[] {
    const byName = new Map(this.found.map((each) => [each.name, each]))
    return shortNames([...byName.values()])
  }

  /** Events of contracts that no line has told of. */
  others(contracts: readonly FoundContract[]): readonly ContractEvent[] {
    return contracts.flatMap(({name, address}) =>
      this.found.some((each) => sameAddress(each.address, address))
        ? []
        : this.once({contract: name, address, status: this.wasThere(address) ? 'reused' : 'deployed'}),
    )
  }

  private wasThere(address: string): boolean {
    return this.there.some((each) => sameAddress(each.address, address))
  }

  private once(event: ContractEvent): readonly ContractEvent[] {
    const key = JSON.stringify([event.contract, event.status, event.address?.toLowerCase()])
    if (this.told.has(key)) return []
    this.told.add(key)
    return [event]
  }
}
