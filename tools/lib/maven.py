"""Fetches a Maven distribution as an artifact of Maven's own repository, with the Python package jgo.

Usage: maven.py JGO_FOLDER VERSION SHA512 TARGET_FOLDER

Unpacks to TARGET_FOLDER/apache-maven-VERSION. MVNW_REPOURL names another repository, as it does for Maven's wrapper.
"""

import hashlib
import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

jgo_folder, version, sha512, target = sys.argv[1:]
sys.path.insert(0, jgo_folder)

from jgo.maven import MavenContext  # noqa: E402

options = {}
if os.environ.get("MVNW_REPOURL"):
    options["remote_repos"] = {"central": os.environ["MVNW_REPOURL"].rstrip("/")}

with tempfile.TemporaryDirectory(dir=target) as scratch:
    options["repo_cache"] = Path(scratch)
    project = MavenContext(**options).project("org.apache.maven", "apache-maven")
    archive = project.at_version(version).artifact(classifier="bin", packaging="zip").resolve()
    with open(archive, "rb") as file:
        if hashlib.sha512(file.read()).hexdigest() != sha512:
            sys.exit("the Maven that came is not the one that was expected (sha512 differs): " + str(archive))
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(scratch)
    name = "apache-maven-" + version
    os.chmod(os.path.join(scratch, name, "bin", "mvn"), 0o755)
    shutil.move(os.path.join(scratch, name), os.path.join(target, name))
