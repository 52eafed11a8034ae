/** Shells that there is a script for. */
export type Shell = 'bash' | 'zsh' | 'fish'

export const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish']

/**
 * bash breaks words at = and : and wants only what stands behind them, quoted; the command takes the words from the line
 * itself. A candidate that ends in = or . is not finished, so no space follows it.
 */
const BASH = `# bash completion of vpp-ts
_vpp_ts() {
  local candidate
  COMPREPLY=()
  while IFS= read -r candidate; do
    [[ "$candidate" == *[=.] ]] && compopt -o nospace
    COMPREPLY+=("$candidate")
  done < <("$1" complete --bash "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -F _vpp_ts vpp-ts
`

const ZSH = `#compdef vpp-ts
# zsh completion of vpp-ts
_vpp_ts() {
  local -a candidates unfinished finished
  candidates=("\${(@f)$("\${words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  unfinished=("\${(@M)candidates:#*[=.]}")
  finished=("\${(@)candidates:#*[=.]}")
  finished=("\${(@)finished:#}")
  (( \${#unfinished} )) && compadd -S '' -- "\${unfinished[@]}"
  (( \${#finished} )) && compadd -- "\${finished[@]}"
}
if [[ "\${funcstack[1]}" == _vpp-ts ]]; then
  _vpp_ts "$@"
else
  compdef _vpp_ts vpp-ts
fi
`

const FISH = `# fish completion of vpp-ts
function __vpp_ts_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] complete -- $words[2..-1] 2>/dev/null
end
complete -c vpp-ts -f -a '(__vpp_ts_complete)'
`

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH }

/** The script that a shell reads to complete command lines of vpp-ts. */
export function scriptOf(shell: Shell): string {
  return SCRIPTS[shell]
}
