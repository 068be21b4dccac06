import type {Executor, StartRequest} from '../core/contract/executor.js'
import type {WorkloadHandle} from '../core/contract/workload.js'

/** What a workload of the suite has to do, in the terms of the executor at hand. */
export type Program =
  | {
      /** Runs until it is stopped, and ends at the first polite signal. */
      readonly does: 'run'
    }
  | {
      /** Runs until it is killed. */
      readonly does: 'resist'
    }
  | {
      /** Ends at once. */
      readonly does: 'exit'
      /** With this one. */
      readonly code: number
    }
  | {
      /** Kills itself at once. */
      readonly does: 'die'
      /** By this one. */
      readonly signal: NodeJS.Signals
    }
  | {
      /** Prints `line 1` to `line <count>` on standard output, the last without a line end, and exits 0. */
      readonly does: 'print'
      /** How many. */
      readonly count: number
    }

/** An executor under test and what only its author knows about it. */
export interface ExecutorFixture<Spec> extends AsyncDisposable {
  /** The one under test, a new one for each case or not. */
  readonly executor: Executor<Spec>
  /** The same executor as a later daemon makes it. */
  restarted(): Executor<Spec>
  /** An empty folder for this test. */
  readonly directory: string
  /** Something that `specSchema` must refuse. */
  readonly invalidSpec: unknown
  /** The spec of a workload that does this. */
  spec(program: Program): Promise<Spec> | Spec
  /** Something that copies its standard input to its output for ever. Left out where input cannot be kept open. */
  copyingSpec?(): Promise<Spec> | Spec
  /** Does the workload run, seen without the executor? */
  runs(handle: WorkloadHandle): boolean | Promise<boolean>
  /** Ends the workload in such a way that nobody knows its exit code. Left out where that cannot happen. */
  lose?(handle: WorkloadHandle): Promise<void>
}

/** The part of mocha's interface that the suite needs; vitest and jest have the same. */
export interface TestRunner {
  /** A group of cases. */
  describe(title: string, define: () => void): unknown
  /** One case. It fails when its promise rejects. */
  it(title: string, run: () => Promise<void>): unknown
}

/** What the cases of a suite are written with. */
export interface Suite<Spec> {
  readonly it: (title: string, run: (fixture: ExecutorFixture<Spec>) => Promise<void>) => void
  readonly request: (fixture: ExecutorFixture<Spec>, program: Program) => Promise<StartRequest<Spec>>
  /** Starts what a spec says, and ends it after the test whatever happens. */
  readonly withSpec: (
    fixture: ExecutorFixture<Spec>,
    spec: Spec,
    test: (handle: WorkloadHandle) => Promise<void>,
  ) => Promise<void>
  /** Starts a workload, and ends it after the test whatever happens. */
  readonly withWorkload: (
    fixture: ExecutorFixture<Spec>,
    program: Program,
    test: (handle: WorkloadHandle, request: StartRequest<Spec>) => Promise<void>,
  ) => Promise<void>
}
