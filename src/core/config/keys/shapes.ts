import {namePattern} from '../../base/ids.js'
import type {MapName} from './names.js'

/** A JSON Schema (2020-12) of a part of the stack file. */
export type Schema = Readonly<Record<string, unknown>>

/** What a value looks like: for programs, and in a few words for people. */
export interface Shape {
  readonly schema: Schema
  readonly shown: string
}

/** A text that is only known once variables or references in it are filled in. */
export const templatePattern = String.raw`\$[{A-Za-z_]`
export const templateSchema: Schema = {type: 'string', pattern: templatePattern}

/** Where a map is defined. */
export function definitionOf(map: string): string {
  return map.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** A number is taken as it was written. */
export const text: Shape = {schema: {type: ['string', 'number']}, shown: 'text'}
export const someText: Shape = {schema: {type: ['string', 'number'], minLength: 1}, shown: 'text'}
export const path: Shape = {schema: {type: ['string', 'number'], minLength: 1}, shown: 'path'}
export const name: Shape = matching(namePattern, 'name')
export const boolean: Shape = {
  schema: {type: ['boolean', 'string'], pattern: orTemplate('^(true|false)$')},
  shown: '`true` or `false`',
}
export const onlyBoolean: Shape = {schema: {type: 'boolean'}, shown: '`true` or `false`'}
export const anyMap: Shape = {schema: {type: 'object'}, shown: 'map'}

export const duration: Shape = {
  schema: {
    type: ['string', 'number'],
    pattern: orTemplate(String.raw`^\s*(\d+(\.\d+)?|(\d+(\.\d+)?(ms|s|m|h|d))+)\s*$`),
    patternErrorMessage: 'Expected a duration like 250ms, 5s or 1m30s, or a number of seconds.',
    minimum: 0,
    // 24.8 days, the longest that a timer can be.
    maximum: 2_147_483,
  },
  shown: '[duration](#durations)',
}

export const size: Shape = {
  schema: {
    type: ['string', 'integer'],
    pattern: orTemplate(String.raw`^\s*\d+(\.\d+)?\s?([Bb]|[KkMmGgTt][Ii]?[Bb])?\s*$`),
    patternErrorMessage: 'Expected a size like 512KB, 10MB or 1GB, or a number of bytes.',
    minimum: 0,
  },
  shown: 'size',
}

export const signal: Shape = {
  schema: {
    type: 'string',
    pattern: orTemplate('^[A-Za-z][A-Za-z0-9]*$'),
    examples: ['TERM', 'INT', 'QUIT', 'HUP', 'USR1', 'USR2', 'KILL'],
  },
  shown: 'signal',
}

/** Environment variables and the like. */
export const env: Shape = {
  schema: {
    type: ['object', 'null'],
    propertyNames: {pattern: '^[^=\\0]+$'},
    additionalProperties: {type: ['string', 'number', 'boolean', 'null']},
  },
  shown: 'map of names to texts',
}

export function matching(pattern: string, shown: string): Shape {
  return {schema: {type: ['string', 'number'], pattern: orTemplate(pattern)}, shown}
}

/** One word of a kind, quoted or as a number. */
export function oneWord(pattern: string, shown: string, numbers: Schema): Shape {
  return {schema: {...matching(pattern, shown).schema, ...numbers}, shown}
}

/** A whole number, also as a text out of a variable. */
export function whole(min: number, max?: number): Shape {
  const range = {minimum: min, ...(max === undefined ? {} : {maximum: max})}
  const shown = max === undefined ? `whole number, at least ${min}` : `whole number, ${min} to ${max}`
  const pattern = orTemplate(String.raw`^\+?\d+$`)
  return {schema: {type: ['integer', 'string'], ...range, pattern, patternErrorMessage: `Expected a ${shown}.`}, shown}
}

export function decimal(min: number, max: number): Shape {
  const shown = `number, ${min} to ${max}`
  const pattern = orTemplate(String.raw`^\+?\d+(\.\d+)?$`)
  const range = {minimum: min, maximum: max}
  return {schema: {type: ['number', 'string'], ...range, pattern, patternErrorMessage: `Expected a ${shown}.`}, shown}
}

/** One of a few words; `also` are other spellings that are understood, and not offered. */
export function choice(words: readonly string[], also: readonly string[] = []): Shape {
  const others = also.length === 0 ? templatePattern : orTemplate(`^(${also.join('|')})$`)
  const quoted = words.map((word) => `\`${word}\``)
  const last = quoted.at(-1) ?? ''
  return {
    schema: {anyOf: [{enum: words}, {type: 'string', pattern: others}]},
    shown: quoted.length < 2 ? last : `${quoted.slice(0, -1).join(', ')} or ${last}`,
  }
}

/** A map with a table of its own. */
export function mapOf(map: MapName, shown = 'map'): Shape {
  return {schema: {$ref: `#/$defs/${definitionOf(map)}`}, shown: `[${shown}](#${definitionOf(map)})`}
}

/** What something runs in. Which types there are, and what they take, is added from the plugins. */
export const layers: Shape = {
  schema: {type: 'array', items: {$ref: '#/$defs/layer'}},
  shown: 'list of [layers](#layers)',
}

/** A map whose keys are names that people choose. */
export function named(keys: Shape, values: Shape): Shape {
  const {pattern} = keys.schema
  return {
    schema: {
      type: ['object', 'null'],
      ...(pattern === undefined ? {} : {propertyNames: {pattern}}),
      additionalProperties: values.schema,
    },
    shown: `map of ${keys.shown}s to ${values.shown}`,
  }
}

export function listOf(items: Shape, plural: string, minItems = 0): Shape {
  const few = minItems === 0 ? {} : {minItems}
  return {schema: {type: 'array', items: items.schema, ...few}, shown: `list of ${plural}`}
}

/** Any of several spellings. */
export function either(...shapes: readonly Shape[]): Shape {
  const shown = shapes.map((shape) => shape.shown)
  return {
    schema: {anyOf: shapes.map((shape) => shape.schema)},
    shown: `${shown.slice(0, -1).join(', ')}${shown.length > 1 ? ' or ' : ''}${shown.at(-1) ?? ''}`,
  }
}

function orTemplate(pattern: string): string {
  return `${pattern}|${templatePattern}`
}
