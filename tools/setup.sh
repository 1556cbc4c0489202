#!/bin/sh
# Makes the virtual environment named by $1 on a Debian machine with Python 3.11 or newer:
# Debian packages where root (else it prints the line to run), hashed requirements with plain pip,
# and the project itself, editable, without looking for dependencies again. Safe to run twice.
set -eu
venv=$1
can_install=no
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then can_install=yes; fi

# install PACKAGES: fails when they are not there afterwards.
install() {
    [ "$can_install" = yes ] &&
        apt-get update -q &&
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

find_python() {
    for candidate in python3 python3.11 python3.12 python3.13 python3.14; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            echo "$candidate"
            return
        fi
    done
    echo "setup: error: no Python 3.11 or newer on the path" >&2
    exit 1
}

has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

python=$(find_python)
if [ ! -x "$venv/bin/python" ]; then
    if ! has_venv "$python"; then
        if ! install python3-venv; then
            echo "setup: error: $python cannot make environments, so no suite can run" >&2
            echo "setup: hint: sudo apt-get install -y python3-venv" >&2
            exit 1
        fi
    fi
    "$python" -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes -r requirements/dev.txt
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-deps --no-build-isolation --editable .

# A browser for tests/browser alone; everything else runs without it.
if ! command -v chromium >/dev/null 2>&1 && ! install chromium; then
    echo "setup: chromium is not installed, so the tests of the pages will not run" >&2
    echo "setup: hint: sudo apt-get install -y chromium" >&2
fi
