import { describe, expect, it } from 'vitest'
import { readComment } from './comments.ts'

const lines = (raw: string) => readComment(raw).text
const fields = (raw: string) => Object.fromEntries(readComment(raw).fields)

describe('readComment', () => {
  it('leaves out the marks of comments and of doxygen', () => {
    expect(lines('/** \\brief Create a thing\n    @note twice\n*/')).toEqual(['Create a thing', 'twice'])
    expect(lines('/*\n * One\n * two.\n */')).toEqual(['One', 'two.'])
    expect(lines('// one line')).toEqual(['one line'])
    expect(lines('/* *bold* stays */')).toEqual(['*bold* stays'])
    expect(lines('/**/')).toEqual([])
  })

  it('gives @param lines to their fields', () => {
    const raw =
      '/** Do it\n @param a - first\n    goes on\n @param b the second\n @param[in] c : third\n\n Epilogue */'
    expect(fields(raw)).toEqual({ a: ['first', 'goes on'], b: ['the second'], c: ['third'] })
    expect(lines(raw)).toEqual(['Do it', '', 'Epilogue'])
  })

  it('drops licence headers, which old files have on their first message', () => {
    expect(lines('/* Copyright (c) 2020\n * Licensed under the Apache License */')).toEqual([])
  })

  it('has nothing to say about nothing', () => {
    expect(readComment(undefined)).toEqual({ text: [], fields: new Map() })
  })
})
