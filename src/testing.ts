export {describeExecutor} from './testing/describe-executor.js'
export type {ExecutorFixture, Program, TestRunner} from './testing/executor-suite.js'
