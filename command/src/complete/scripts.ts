/** Shells that there is a script for. */
export type Shell = 'bash' | 'zsh' | 'fish'

/** Shells that there is a script for. */
export const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish']

/** What a script is for. */
export interface ScriptOptions {
  /** Name of the program. */
  readonly program: string
  /** The shell offers names of files where the program has no candidates. */
  readonly files: boolean
}

/**
 * bash breaks words at = and : and wants only what stands behind them, quoted; the command takes the words from the line
 * itself. A candidate that ends in = or . is not finished, so no space follows it.
 */
function bash({ program, files }: ScriptOptions, name: string): string {
  return `# bash completion of ${program}
${name}() {
  local candidate
  COMPREPLY=()
  while IFS= read -r candidate; do
    [[ "$candidate" == *[=.] ]] && compopt -o nospace
    COMPREPLY+=("$candidate")
  done < <("$1" complete --bash "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete ${files ? '-o default ' : ''}-F ${name} ${program}
`
}

function zsh({ program, files }: ScriptOptions, name: string): string {
  const other = files ? '  (( ${#unfinished} + ${#finished} )) || _files\n' : ''
  return `#compdef ${program}
# zsh completion of ${program}
${name}() {
  local -a candidates unfinished finished
  candidates=("\${(@f)$("\${words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  unfinished=("\${(@M)candidates:#*[=.]}")
  finished=("\${(@)candidates:#*[=.]}")
  finished=("\${(@)finished:#}")
  (( \${#unfinished} )) && compadd -S '' -- "\${unfinished[@]}"
  (( \${#finished} )) && compadd -- "\${finished[@]}"
${other}}
if [[ "\${funcstack[1]}" == _${program} ]]; then
  ${name} "$@"
else
  compdef ${name} ${program}
fi
`
}

function fish({ program, files }: ScriptOptions, name: string): string {
  return `# fish completion of ${program}
function _${name}_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] complete -- $words[2..-1] 2>/dev/null
end
complete -c ${program} ${files ? '' : '-f '}-a '(_${name}_complete)'
`
}

const SCRIPTS: Readonly<Record<Shell, (options: ScriptOptions, name: string) => string>> = { bash, zsh, fish }

/** The script that a shell reads to complete command lines of a program, which has a command `complete` for it. */
export function scriptOf(shell: Shell, options: ScriptOptions): string {
  return SCRIPTS[shell](options, `_${options.program.replaceAll('-', '_')}`)
}
