// Fills the store once. Safe to run again: it writes only what is missing.
import {fetchJson} from './http.mjs'

const store = process.env.STORE_URL
const cities = {
  nairobi: {name: 'Nairobi', country: 'Kenya', visits: 0},
  reykjavik: {name: 'Reykjavík', country: 'Iceland', visits: 0},
  valparaiso: {name: 'Valparaíso', country: 'Chile', visits: 0},
  kyoto: {name: 'Kyoto', country: 'Japan', visits: 0},
  tbilisi: {name: 'Tbilisi', country: 'Georgia', visits: 0},
}

const present = await fetchJson(`${store}/`)
const missing = Object.entries(cities).filter(([key]) => !(key in present))
for (const [key, city] of missing) {
  await fetchJson(`${store}/keys/${key}`, {method: 'PUT', body: JSON.stringify(city)})
  console.log(`seeded ${city.name}`)
}
console.log(missing.length === 0 ? 'nothing to seed: all cities are there' : `seeded ${missing.length} cities`)
