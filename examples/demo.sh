#!/usr/bin/env bash
# The main job on real input, resumable: (1) the pragmas of an SQLite database under a workload, through the
# shell; (2) a scikit-learn classifier, through Python. run by: make demo
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
out="${ASKTELL_DEMO_DIR:-$here/../build/demo}"
trials="${ASKTELL_DEMO_TRIALS:-40}"
mkdir -p "$out"
cd "$out"
out="$PWD"

echo "== 1. SQLite: $trials trials of six pragmas, synchronous=FULL throughout"
if [[ ! -s sqlite.db ]]; then
  asktell create sqlite.db --ordinal page_size=1024,4096,8192,16384,32768 \
    --integer cache_kib=500:64000:log --integer mmap_mib=0:256 \
    --categorical journal=delete,truncate,persist,wal --integer checkpoint=100:10000:log \
    --categorical temp_store=default,memory --seed 1
fi
asktell run sqlite.db --trials "$trials" --timeout 60 -- sqlite_workload page_size={page_size} \
  cache_kib={cache_kib} mmap_mib={mmap_mib} journal={journal} checkpoint={checkpoint} \
  temp_store={temp_store}
# Both once more, so that the best of many noisy measurements is not compared with a single one.
best="$(asktell best sqlite.db --format json)"
mapfile -t settings < <(python -c 'import json, sys
for name, value in json.loads(sys.argv[1])["params"].items(): print(f"{name}={value}")' "$best")
echo "best of the trials: ${settings[*]}"
echo "measured again: SQLite's defaults $(sqlite_workload) s, the best $(sqlite_workload "${settings[@]}") s"
asktell report sqlite.db -o report.html

echo "== 2. scikit-learn: 25 trials on the digits, five-fold cross-validated log loss"
python "$here/tune_classifier.py" --folder "$out" --trials "${ASKTELL_DEMO_CLASSIFIER_TRIALS:-25}"
echo "report: $out/report.html"
echo "plot:   $out/classifier.png"
