"""The bill of materials: CycloneDX 1.6 as JSON (https://cyclonedx.org/docs/1.6/json/), the same for the same lock."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.audit.licences import Rules, licence_of
from deploy.audit.locked import Locked


def sbom(pyproject: Path, lock: Mapping[str, Sequence[Locked]], rules: Rules) -> dict[str, Any]:
    """Every package that may be installed to run us, on whichever Python and system."""
    project: Any = tomllib.loads(pyproject.read_text("utf-8"))["project"]
    components = [_component(each, rules) for name in sorted(lock) for each in lock[name]]
    own = f"pkg:pypi/{project['name']}@{project['version']}"
    told = "\n".join(f"{each['purl']} {each['hashes']}" for each in components)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, own + told)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"expression": project["license"]}],
                "purl": own,
            }
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": [each["bom-ref"] for each in components]}],
    }


def _component(each: Locked, rules: Rules) -> dict[str, Any]:
    expression = licence_of(each.name, rules)
    return {
        "type": "library",
        "bom-ref": each.purl,
        "name": each.name,
        "version": each.version,
        "purl": each.purl,
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in each.hashes],
        **({"licenses": [{"expression": expression}]} if expression else {}),
        **({"properties": [{"name": "tousu:marker", "value": each.marker}]} if each.marker else {}),
    }
