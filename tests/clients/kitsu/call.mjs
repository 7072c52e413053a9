// Makes one call of kitsu, and prints what it gives, or the errors that it throws. The input is JSON: the options of the
// client, the name of its method, and the method's arguments.
import { text } from 'node:stream/consumers'
import Kitsu from 'kitsu'

const { options, method, args } = JSON.parse(await text(process.stdin))
const outcome = await new Kitsu(options)[method](...args).catch(error => {
  if (!error.errors) throw error
  return { status: error.response.status, errors: error.errors }
})
console.log(JSON.stringify(outcome))
