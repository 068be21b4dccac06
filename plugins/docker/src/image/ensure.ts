import type {Engine} from '../engine/engine.js'
import {isMissing} from '../engine/problem.js'
import {builtImage} from '../names.js'
import {buildImage} from './build.js'
import {pullImage} from './pull.js'
import type {ImageWork} from './work.js'

/** Sees to it that the image of a request is there: builds it, fetches it, or finds it. SERVICE_START_FAILED. */
export async function ensureImage(work: ImageWork): Promise<void> {
  const {request, engine, services} = work
  const {build, pull = 'missing'} = request.spec
  const image = builtImage(request)
  if (build !== undefined) await buildImage(typeof build === 'string' ? {context: build} : build, work)
  else if (pull === 'always' || !(await isThere(image, engine))) {
    if (pull !== 'never') await pullImage(image, work)
    else
      throw services.error('SERVICE_START_FAILED', {
        subject: request.service,
        reason: `the engine has no image '${image}', and 'pull: never' keeps it from being fetched`,
        hint: `Run \`docker pull ${image}\`, build it, or correct 'image' in the stack file.`,
      })
  }
}

async function isThere(image: string, engine: Engine): Promise<boolean> {
  try {
    await engine.ask((docker) => docker.getImage(image).inspect())
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
