"""Build the code of the Lambda function, and a layer with its libraries for each architecture.

    python deploy/aws/package.py [x86_64] [arm64]

Everything comes as wheels for the function's Python and the libraries of Amazon Linux 2023, so that
it can be built on any machine. Writes `build/lambda/function` and `layer-ARCHITECTURE`, as folders
(which the template names) and as zips. Ends with status 1 where they would not fit together.
"""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "lambda"
REQUIREMENTS = ROOT / "deploy" / "aws" / "requirements-lambda.txt"

PYTHON = "3.13"
"""The function's (`Runtime` of the template). 3.12 and later run on glibc 2.34; earlier ones on
2.26, for which onnxruntime has no wheels."""
LIMIT = 250 * 1024 * 1024
"""Bytes, unzipped: Lambda's limit for a function with its layers."""
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}
"""Lambda's names of architectures, and those in the names of wheels."""
GLIBC = ("manylinux_2_28", "manylinux_2_27", "manylinux2014")

_DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file in the zip, so that equal files give equal bytes."""


def main(architectures: list[str]) -> int:
    """Build the function and all layers, or those named."""
    unknown = sorted(set(architectures) - set(MACHINES))
    if unknown:
        sys.stderr.write(f"{', '.join(unknown)}: no architecture; one of {', '.join(MACHINES)}\n")
        return 2
    shutil.rmtree(OUT, ignore_errors=True)
    function = OUT / "function"
    shutil.copytree(
        ROOT / "src" / "tradeglyph",
        function / "tradeglyph",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    zip_folder(function)
    fits = True
    for architecture in architectures or MACHINES:
        layer = OUT / f"layer-{architecture}"
        install(layer / "python", MACHINES[architecture])
        zip_folder(layer)
        size = size_of(function) + size_of(layer)
        sys.stdout.write(
            f"{architecture}: {size / 2**20:.1f} MB unzipped of {LIMIT / 2**20:.0f}, in "
            f"{function.relative_to(ROOT)} and {layer.relative_to(ROOT)}\n"
        )
        if size > LIMIT:
            sys.stderr.write(f"{architecture}: too large for a Lambda function\n")
            fits = False
    return 0 if fits else 1


def install(folder: Path, machine: str) -> None:
    """Put the wheels for a machine into the folder."""
    platforms = [f"--platform={glibc}_{machine}" for glibc in GLIBC]
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--target", str(folder), *platforms),
            *("--python-version", PYTHON, "--implementation", "cp", "--only-binary=:all:"),
            *("--no-deps", "--no-compile"),
            *("--constraint", str(ROOT / "constraints.txt"), "--requirement", str(REQUIREMENTS)),
        ],
        check=True,
    )
    # Command line programs, with the path of this machine's Python in them.
    shutil.rmtree(folder / "bin", ignore_errors=True)


def size_of(folder: Path) -> int:
    """Bytes of all files in the folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def zip_folder(folder: Path) -> None:
    """Zip what is in the folder, in the order of the names, beside it."""
    with zipfile.ZipFile(folder.with_name(folder.name + ".zip"), "w") as zipped:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                # Lambda's user is not the owner: everybody may read, and run shared libraries.
                entry.external_attr = 0o755 << 16
                zipped.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
