/**
 * Builds watch.c for every processor with zig's C compiler, which needs no other tool and gives the same bytes
 * everywhere: `python3 -m pip install ziglang==0.14.1 && node linux/native/build.mjs`.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const here = import.meta.dirname
const source = join(here, 'watch.c')
const hash = createHash('sha256').update(readFileSync(source)).digest('hex')
const out = process.argv[2] ?? join(here, '..', 'prebuilt')
const TARGETS = {
  x64: 'x86_64-linux-musl',
  arm64: 'aarch64-linux-musl',
  riscv64: 'riscv64-linux-musl',
  loong64: 'loongarch64-linux-musl',
}

mkdirSync(out, { recursive: true })
for (const [processor, target] of Object.entries(TARGETS)) {
  const args = ['-m', 'ziglang', 'cc', '-target', target, '-shared', '-nostdlib', '-ffreestanding', '-fPIC']
  args.push('-Os', '-s', '-Wall', '-Wextra', '-Werror', '-fvisibility=hidden', '-fno-sanitize=all')
  args.push('-Wl,-z,undefs', '-Wl,--build-id=none', `-DSOURCE="${hash}"`)
  args.push('-o', join(out, `${processor}.node`), source)
  const { status } = spawnSync('python3', args, { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}
