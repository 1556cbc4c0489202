#!/bin/sh
# Makes the environment of the peer, the PyPI package `electionguard` 1.4.0, in the folder named by
# $1: it pins pydantic 1.9.0 and cannot share an environment with the project. $2 is the Python to
# take; without it a 3.10 is looked for, where the package imports as it is, and else a newer one,
# where tests/peer/programs/package.py helps it. Safe to run twice.
set -eu
venv=$1
wanted=${2:-}

# runs COMMAND FIRST LAST: whether it is a Python FIRST <= 3.x <= LAST that can make environments.
runs() {
    "$1" -c "import sys, ensurepip, venv; sys.exit(not (3, $2) <= sys.version_info[:2] <= (3, $3))" \
        >/dev/null 2>&1
}

candidates() {
    echo python3.10
    for folder in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*; do
        echo "$folder/bin/python3.10"
    done
    if command -v uv >/dev/null 2>&1; then uv python find --offline 3.10 2>/dev/null || true; fi
    printf '%s\n' python3 python3.11 python3.12 python3.13
}

find_python() {
    for span in "10 10" "11 13"; do
        for candidate in $(candidates); do
            # shellcheck disable=SC2086
            if runs "$candidate" $span; then
                echo "$candidate"
                return
            fi
        done
    done
    echo "setup peer: error: no Python 3.10 to 3.13 that can make environments" >&2
    echo "setup peer: hint: sudo apt-get install -y python3-venv" >&2
    exit 1
}

if [ -z "$wanted" ]; then wanted=$(find_python); fi
if ! runs "$wanted" 10 13; then
    echo "setup peer: error: $wanted is no Python 3.10 to 3.13 that can make environments" >&2
    exit 1
fi
"$wanted" -m venv --clear "$venv"
# --no-deps: the package declares a window system and a database that no part of it used here needs.
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
    --no-deps --require-hashes -r requirements/peer.txt; then
    echo "setup peer: error: what requirements/peer.txt names could not be installed" >&2
    rm -rf "$venv"
    exit 1
fi
