// Visits a city every second, through the API.
import {setTimeout as sleep} from 'node:timers/promises'
import {fetchJson} from './http.mjs'

const api = process.env.API_URL
let going = true
process.once('SIGTERM', () => (going = false))

console.log(`worker: visiting the cities at ${api}`)
for (let trip = 0; going; trip += 1) {
  try {
    const keys = Object.keys(await fetchJson(`${api}/api/cities`))
    const key = keys[trip % keys.length]
    const city = await fetchJson(`${api}/api/cities/${key}/visits`, {method: 'POST'})
    console.log(`✈ ${city.name.padEnd(12)} visit ${String(city.visits).padStart(4)}  ${'▪'.repeat(city.visits % 30)}`)
  } catch (error) {
    console.error(`the trip failed, next one in a second: ${error.message}`)
  }
  await sleep(1000)
}
console.log('worker: home again')
