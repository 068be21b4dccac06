import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import path from 'node:path'
import type {StartRequest} from '../core/contract/executor.js'
import type {WorkloadHandle} from '../core/contract/workload.js'
import {compileSchema} from '../core/schema/compile.js'
import {attachedCases} from './executor-cases-attached.js'
import {managedCases} from './executor-cases-managed.js'
import type {ExecutorFixture, Program, Suite, TestRunner} from './executor-suite.js'

/**
 * The contract of executors as a test suite. What an executor says about its capabilities decides which cases it has to pass:
 *
 *     describeExecutor('my-executor', 'managed', async () => fixture, {describe, it})
 */
export function describeExecutor<Spec>(
  name: string,
  ownership: 'attached' | 'managed',
  setup: () => Promise<ExecutorFixture<Spec>>,
  runner: TestRunner,
): void {
  const suite: Suite<Spec> = {
    it: (title, run) => {
      runner.it(title, async () => {
        await using fixture = await setup()
        await run(fixture)
      })
    },
    request: makeRequest,
    withSpec,
    withWorkload,
  }
  runner.describe(`executor contract: ${name}`, () => {
    suite.it('is what it says about ownership', ({executor}) => {
      assert.equal(executor.capabilities.ownership, ownership)
      return Promise.resolve()
    })
    suite.it('rejects a wrong spec and takes a right one', async (fixture) => {
      const check = compileSchema(fixture.executor.specSchema)
      assert.notDeepEqual(check(fixture.invalidSpec), [])
      assert.deepEqual(check(await fixture.spec({does: 'run'})), [])
    })
    suite.it('describes itself', async ({executor}) => {
      const found = await executor.fingerprint(new AbortController().signal)
      assert.equal(found.health, 'healthy', found.description)
    })
    if (ownership === 'managed') managedCases(suite)
    else attachedCases(suite)
  })
}

let attempts = 0

async function makeRequest<Spec>(fixture: ExecutorFixture<Spec>, program: Program): Promise<StartRequest<Spec>> {
  attempts += 1
  const instance = randomUUID()
  return {
    id: `suite/svc/${attempts}`,
    stack: 'suite',
    service: 'svc',
    attempt: attempts,
    instance,
    directory: fixture.directory,
    runDirectory: path.join(fixture.directory, 'runs', instance),
    spec: await fixture.spec(program),
    env: {},
    inheritedEnv: {PATH: process.env['PATH'] ?? '/usr/bin:/bin'},
    endpoints: [],
    logs: {capture: 'file', merge: false},
    graceMs: 1000,
  }
}

async function withWorkload<Spec>(
  fixture: ExecutorFixture<Spec>,
  program: Program,
  test: (handle: WorkloadHandle, request: StartRequest<Spec>) => Promise<void>,
): Promise<void> {
  const request = await makeRequest(fixture, program)
  await withRequest(fixture, request, (handle) => test(handle, request))
}

async function withSpec<Spec>(
  fixture: ExecutorFixture<Spec>,
  spec: Spec,
  test: (handle: WorkloadHandle) => Promise<void>,
): Promise<void> {
  const request = await makeRequest(fixture, {does: 'run'})
  await withRequest(fixture, {...request, spec}, test)
}

async function withRequest<Spec>(
  fixture: ExecutorFixture<Spec>,
  request: StartRequest<Spec>,
  test: (handle: WorkloadHandle) => Promise<void>,
): Promise<void> {
  const handle = await fixture.executor.start(request, {
    signal: new AbortController().signal,
    progress: () => undefined,
  })
  try {
    await test(handle)
  } finally {
    await handle.stop({graceMs: 0})
    handle.release()
    await handle.destroy()
  }
}
