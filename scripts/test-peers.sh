#!/usr/bin/env bash
# Optional, not a part of make test: GaussianProcess against scikit-learn, GPyTorch and BoTorch where
# the models are the same. Installs them (torch included, 1 GB) in build/model-peers.
source "$(dirname "$0")/common.sh"
scripts/wheel.sh
peers="$build/model-peers"
[[ -x "$peers/bin/python" ]] || /usr/bin/python3 -m venv "$peers"
"$peers/bin/pip" install -q scikit-learn==1.9.1 botorch==0.18.1 pytest==9.2.0
"$peers/bin/pip" install -q --force-reinstall --no-deps "$build"/dist/asktell-*.whl
cd "$build"
"$peers/bin/python" -m pytest -c "$root/pyproject.toml" --rootdir "$root" "$root/tests/peers"
