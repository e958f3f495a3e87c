#!/usr/bin/env bash
# embed.sh OUT.S OUT.c NAME[=PATH]...: puts files into the binary under their names (see base/embed.h).
#
# gcc 12 has no #embed, so the bytes come in through the assembler's .incbin; the C file is only the table. NAME is the
# path in the repository; PATH says where the bytes are when the build made them. Sorted by name: embed_find searches.
set -euo pipefail
export LC_ALL=C

out_asm=$1 out_c=$2
shift 2

# Names become part of C and assembler sources as they are.
for entry in "$@"; do
    if [[ $entry == *[!A-Za-z0-9._/=-]* ]]; then
        echo "embed.sh: the name of $entry has characters that cannot be embedded; rename the file" >&2
        exit 1
    fi
done
mapfile -t entries < <(printf '%s\n' "$@" | sed '/^$/d' | sort -t= -k1,1)

write_asm() {
    local i=0 entry
    echo '    .section .rodata'
    for entry in "${entries[@]}"; do
        printf '    .balign 8\n    .global qd_embed_%d\n    .hidden qd_embed_%d\nqd_embed_%d:\n' "$i" "$i" "$i"
        printf '    .incbin "%s"\n    .global qd_embed_%d_end\n    .hidden qd_embed_%d_end\n' "${entry#*=}" "$i" "$i"
        printf 'qd_embed_%d_end:\n    .byte 0\n' "$i"
        i=$((i + 1))
    done
    # Without this note the linker would make the stack executable.
    echo '    .section .note.GNU-stack,"",@progbits'
}

# Sizes are numbers here: a difference of two symbols is not a constant in C.
write_c() {
    local i=0 entry
    printf '/* Written by tools/embed.sh. */\n#include "base/embed.h"\n\n'
    for entry in "${entries[@]}"; do
        printf 'extern const unsigned char qd_embed_%d[];\n' "$i"
        i=$((i + 1))
    done
    printf '\nconst struct embed_file embed_files[] = {\n'
    i=0
    for entry in "${entries[@]}"; do
        printf '    {"%s", qd_embed_%d, %du},\n' "${entry%%=*}" "$i" "$(stat -c %s "${entry#*=}")"
        i=$((i + 1))
    done
    # ISO C has no empty arrays.
    printf '    {NULL, NULL, 0},\n};\n\nconst size_t embed_files_count = %d;\n' "$i"
}

write_asm >"$out_asm"
write_c >"$out_c"
