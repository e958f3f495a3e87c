#!/usr/bin/env bash
# tools/yaml_to_json: the YAML that the contract is written in, and every kind that it must refuse.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -fsanitize=address,undefined "$root/tools/yaml_to_json.c" -lyaml -o "$work/tool"

gives() { # JSON YAML
    local got
    printf '%s' "$2" >"$work/in"
    got=$("$work/tool" "$work/in") || { echo "refused: $2" && exit 1; }
    [ "$got" = "$1" ] || { printf 'yaml %s\ngave %s\nnot  %s\n' "$2" "$got" "$1" && exit 1; }
}
refuses() { # YAML WHY
    printf '%s' "$1" >"$work/in"
    ! "$work/tool" "$work/in" >/dev/null 2>"$work/err" || { echo "accepted: $1" && exit 1; }
    grep -q "$2" "$work/err" || { cat "$work/err" && echo "did not say '$2' of: $1" && exit 1; }
}

gives '{"a":1,"b":-2.50,"c":1e3,"d":0}' $'a: 1\nb: -2.50\nc: 1e3\nd: 0'
gives '{"a":true,"b":false,"c":null,"d":null,"e":null}' $'a: true\nb: False\nc: ~\nd:\ne: null'
gives '{"a":"1","b":"true","c":"null"}' $'a: "1"\nb: \x27true\x27\nc: "null"'
gives '{"a":"3.1.0","b":"2025-04-01","c":"yes","d":"-","e":"1 2"}' $'a: 3.1.0\nb: 2025-04-01\nc: yes\nd: "-"\ne: 1 2'
gives '[1,[],{},{"x":[{"y":2}]}]' '[1, [], {}, {x: [{y: 2}]}]'
gives '{"a":"one\ntwo\n","b":"one two"}' $'a: |\n  one\n  two\nb: >-\n  one\n  two'
gives '{"q":"a\"b\\c\t\u0001é"}' $'q: "a\\"b\\\\c\\t\\x01é"'
gives '{"200":{"z":1},"a":2}' $'"200": {z: 1}\na: 2'
refuses 'a: &x 1' anchors
refuses $'a: 1\nb: *a' 'undefined alias\|aliases'
refuses '<<: {a: 1}' merge
refuses 'a: !!str 1' tags
refuses $'a: 1\na: 2' 'already there'
refuses $'a: 1\n---\nb: 2' 'second document'
refuses 'a: 007' 'JSON cannot spell'
refuses 'a: .inf' 'JSON cannot spell'
refuses 'a: 0x1F' 'JSON cannot spell'
refuses '' 'empty'
refuses 'a: [1' 'did not find'
refuses '? [a]: 1' 'did not find\|key must be'
