#!/bin/sh
# Starts one process of Outlay in its container: `start gateway`, `start insights-worker`. Called by its other name it is
# the operator's command: `outlay status`, in a container of insights, or `outlay auth accounts`, in one of auth.
set -eu

if [ "${0##*/}" = outlay ]; then
  set -- outlay "$@"
fi

# A host such as Render hands out addresses as `name:port`, databases as `postgresql://…` and secrets one by one. Where
# it does, the settings that the processes read are put together here; a setting that is given as such stays as it is.
if [ -n "${AUTH_ADDRESS:-}" ]; then
  export AUTH_URL="http://$AUTH_ADDRESS" JWKS_URL="http://$AUTH_ADDRESS/.well-known/jwks.json"
fi
if [ -n "${EXPENSES_ADDRESS:-}" ]; then
  export EXPENSES_URL="http://$EXPENSES_ADDRESS"
fi
if [ -n "${INSIGHTS_ADDRESS:-}" ]; then
  export INSIGHTS_URL="http://$INSIGHTS_ADDRESS"
fi
case "${DATABASE_URL:-}" in
  postgres://* | postgresql://*) export DATABASE_URL="postgresql+psycopg2://${DATABASE_URL#*://}" ;;
esac
if [ -z "${OUTLAY_PUBLIC_URL:-}" ] && [ -n "${RENDER_EXTERNAL_URL:-}" ]; then
  export OUTLAY_PUBLIC_URL="$RENDER_EXTERNAL_URL"
fi
if [ -n "${RENDER_EXTERNAL_HOSTNAME:-}" ]; then
  export GATEWAY_ALLOWED_HOSTS="${GATEWAY_ALLOWED_HOSTS:+$GATEWAY_ALLOWED_HOSTS,}$RENDER_EXTERNAL_HOSTNAME"
fi
if [ -z "${SERVICE_KEYS:-}" ]; then # KEY_INSIGHTS_EXPENSES=… is the key of "insights>expenses"
  one='\(GATEWAY\|AUTH\|EXPENSES\|INSIGHTS\)'
  keys=$(env | sed -n "s/^KEY_${one}_$one=\(.*\)\$/\"\L\1\E>\L\2\E\":\"\3\"/p" | paste -s -d, -)
  export SERVICE_KEYS="{$keys}"
fi

serve() {
  app=$1
  shift
  exec uvicorn "$app:create" --factory --host 0.0.0.0 --port "${PORT:-8000}" \
    --no-access-log --no-server-header --no-proxy-headers --timeout-graceful-shutdown 5 "$@"
}

case "${1:-}" in
  gateway) serve gateway.app --http gateway.http.protocol:Protocol ;;
  auth | expenses | insights) serve "services.$1.app" ;;
  insights-consumer) exec python -m services.insights.consumer ;;
  insights-worker) exec python -m services.insights.tasks --concurrency 2 ;;
  outlay)
    shift
    service=insights
    if [ "${1:-}" = auth ]; then
      shift
      service=auth
    fi
    if [ ! -d "services/$service" ]; then
      echo "outlay: this command is in the containers of $service only" >&2
      exit 64
    fi
    exec python -m "services.$service.cli" "$@"
    ;;
  *)
    echo "start: name one of gateway, auth, expenses, insights, insights-consumer, insights-worker" >&2
    exit 64
    ;;
esac
