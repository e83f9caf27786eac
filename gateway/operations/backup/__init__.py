"""Backup and restore: database, files and keys in one file that proves by itself whether it is whole.

A tar file: ``tables/NAME/NNNNNN.jsonl`` (rows, as store/copying.py packs them), ``blobs/SHA256`` (sealed, as they lie),
``hashes/NNNNNN.txt`` (sha256, size and name of each member since the last such list), ``keys.json`` (the key ring,
sealed under the passphrase), and at the end ``manifest.json``: what there must be, the sha256 over all lists of hashes,
and a MAC under the passphrase.
"""
