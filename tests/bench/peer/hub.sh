# Starts the hub for the benchmark of peers: a new hub, its parties' keys, the configuration in configuration/.
hub_peer_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
hub_peer_bin=${HUB_BIN:-$hub_peer_root/build/release/bin}

hub_peer_deploy() { # DIR
  local dir=$1 id
  local conf=$dir/configuration
  mkdir -p "$dir/keys" "$conf/keys" "$conf/credentials"
  cp -r "$hub_peer_root"/tests/bench/peer/configuration/. "$conf/"
  "$hub_peer_bin/hubctl" hub init --data "$dir/data" --origin bench.hub >/dev/null
  public_of() { sed -n 's/.*"public": "\(.*\)".*/\1/p' "$1"; }
  for id in {producer,consumer}-{0..7}.bench; do
    for use in root signing transport; do
      "$hub_peer_bin/hubctl" key new --use $use --out "$dir/keys/$id.$use.json" >/dev/null
    done
    "$hub_peer_bin/hubctl" key certify --root "$dir/keys/$id.root.json" --party "$id" \
      --key "$dir/keys/$id.signing.json.pub" --out "$conf/credentials/$id.json" >/dev/null
    printf -- '- party: %s\n  root_key: "%s"\n  endpoints: [{id: %s/bench, curve_key: "%s"}]\n' "$id" \
      "$(public_of "$dir/keys/$id.root.json.pub")" "$id" "$(public_of "$dir/keys/$id.transport.json.pub")"
  done >"$conf/keys/bench.yaml"
  "$hub_peer_bin/hubctl" config sign --configuration "$conf" \
    --administrator "$dir/data/keys/administrator.json" >/dev/null
  printf 'data: data\nconfiguration: configuration\nlisten: tcp://127.0.0.1:%s\n' "$PORT" >"$dir/hub.yaml"
}

start_hub() { # VARIANT DIR
  local dir=$2
  hub_peer_deploy "$dir"
  spawn "$dir/log" "$hub_peer_bin/hubd" --config "$dir/hub.yaml"
  wait_port "$PORT" 20 || return 1
  PEER_ARGS=(--peer hub --url "tcp://127.0.0.1:$PORT" --deployment "$dir")
}
