#!/bin/sh
# What SageMaker starts: `serve` for an endpoint, `train` for a training job. Anything else is a
# command of tradeglyph.
set -eu

case "${1:-serve}" in
serve)
  [ "$#" -eq 0 ] || shift
  exec tradeglyph serve --host 0.0.0.0 --port "${SAGEMAKER_BIND_TO_PORT:-8080}" --sagemaker "$@"
  ;;
train)
  exec python -m tradeglyph.aws.sagemaker_train
  ;;
*)
  exec tradeglyph "$@"
  ;;
esac
