import type {LentClient, MethodName} from '@service-harness/cli/plugin'
import type {Scope} from '../scope.js'
import {inputSchema, outputSchema, type InputChanges} from './schemas.js'
import type {Tool} from './tool.js'

export interface MethodToolOptions {
  readonly lent: LentClient
  readonly scope: Scope
  readonly make: MakeTool
  /** What a start reads before. */
  readonly aboutFile: string
}

/** Makes a tool of a method of the protocol: called as the method is, with its schemas. */
type MakeTool = (
  method: MethodName,
  how: InputChanges & Pick<Tool, 'annotations' | 'description' | 'run'> & {readonly hasOwnOutput?: true},
) => Tool

/** What tools of methods are made with. */
export function methodToolOptions(lent: LentClient, scope: Scope): MethodToolOptions {
  const {protocol} = lent
  const make: MakeTool = (method, {description, annotations, run, hasOwnOutput, without, about, ...changes}) => {
    const {params, result} = protocol.methods[method]
    const input = {
      ...changes,
      without: scope.isOpen ? without : [...without, 'stack'],
      about: {stack: aboutStack, ...about},
    }
    return {
      name: method.replace('.', '_'),
      description,
      inputSchema: inputSchema(params, input, protocol),
      ...(!hasOwnOutput && {outputSchema: outputSchema(result, protocol)}),
      annotations: {openWorldHint: false, ...annotations},
      run,
    }
  }
  return {lent, scope, make, aboutFile: scope.isOpen ? aboutAnyFile : 'The stack file is read first.'}
}

const aboutStack = 'Its id, its name where that is unique, or the absolute path of its file: see stack_list.'
const aboutAnyFile =
  'Where the stack is named by its file, that is read first, with the secrets that it needs; otherwise it is taken as it is known.'
