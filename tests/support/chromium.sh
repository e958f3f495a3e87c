#!/usr/bin/env bash
# chromium.sh FOLDER: prints FOLDER/printed.html as Chromium does, and what pdfinfo says of it. 77: one of them is not installed.
set -euo pipefail
cd "$1"
command -v chromium >/dev/null && command -v pdfinfo >/dev/null || exit 77
finish() {
    local status=$?
    [ $status = 0 ] || cat printed.log >&2
    rm -rf chromium printed.pdf printed.log
    exit $status
}
trap finish EXIT
# Its sandbox does not start for root in a container, which tests often are; the page is our own.
HOME=$1/chromium timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
    --no-pdf-header-footer --user-data-dir="$1/chromium" --print-to-pdf="$1/printed.pdf" "file://$1/printed.html" >printed.log 2>&1
pdfinfo printed.pdf
