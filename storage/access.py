"""The ways into a vault, changed one slot at a time; the records file is never written for it.

Refuses to change a passphrase without proof of the old secret, and to leave the laptop's own key
store as the only way in.
"""

from __future__ import annotations

from dataclasses import replace

from storage import keys, keystore, recovery, slots
from storage.atomic import write_whole
from storage.errors import ChangeRefused, WrongPassphrase, classified
from storage.keys import Cost, SecretKey
from storage.place import Place
from storage.slots import Header


class Access:
    """Made by the vault as `vault.access`."""

    def __init__(self, place: Place, key: SecretKey) -> None:
        self._place, self._key = place, key

    def ways(self) -> tuple[str, ...]:
        """The slots there are: passphrase, recovery, keyring, escrow, practice."""
        return tuple(sorted(slot.type for slot in slots.read(self._place).slots))

    def change_passphrase(
        self, old: str, new: str, *, with_recovery: bool = False, cost: Cost | None = None
    ) -> None:
        """A new passphrase, against the old one or the recovery words. Raises WrongPassphrase."""
        header = slots.read(self._place)
        if with_recovery:
            proof = header.opened(slots.RECOVERY, recovery.secret_of(old))
        else:
            proof = header.opened(slots.PASSPHRASE, old)
        if proof.raw != self._key.raw:
            raise WrongPassphrase
        proof.wipe()
        if not new:
            raise ChangeRefused("A passphrase is needed. The old one still opens your records.")
        self._write(header.sealed(slots.PASSPHRASE, self._key, new, cost or keys.calibrated()))

    def prove(self, passphrase: str) -> None:
        """Whether this passphrase is the one in use. Raises WrongPassphrase."""
        slots.read(self._place).opened(slots.PASSPHRASE, passphrase).wipe()

    def new_sheet(self) -> tuple[str, ...]:
        """New recovery words, shown once; the old sheet opens nothing any more."""
        sheet = recovery.fresh_sheet()
        secret = recovery.secret_of(" ".join(sheet))
        self._write(slots.read(self._place).sealed(slots.RECOVERY, self._key, secret))
        return sheet

    def use_keyring(self) -> None:
        """Let this laptop's log-in open the vault too. Raises KeyringRefused."""
        self.seal_for_keyring(keystore.keep(slots.read(self._place).vault_id))

    def seal_for_keyring(self, secret: str) -> None:
        """Make the slot for a secret that the key store holds already; waits for nobody."""
        self._write(slots.read(self._place).sealed(slots.KEYRING, self._key, secret))

    def stop_keyring(self) -> None:
        """Take the key store's way out again; the slot goes first."""
        if self.unseal_keyring():
            keystore.forget(slots.read(self._place).vault_id)

    def unseal_keyring(self) -> bool:
        """Take the slot away, whatever the key store holds; whether there was one."""
        header = slots.read(self._place)
        if header.slot(slots.KEYRING) is None:
            return False
        self._write(header.without(slots.KEYRING))
        return True

    def use_escrow(self, council: bytes) -> None:
        """Let the council open the vault too, with the private half of this public key."""
        self._write(slots.read(self._place).sealed_for_council(self._key, council))

    def change_by_council(self, private: bytes, new: str, cost: Cost | None = None) -> None:
        """A new passphrase on the council's proof, for a laptop whose owner is not there."""
        header = slots.read(self._place)
        header.opened_by_council(private).wipe()
        if not new:
            raise ChangeRefused("A passphrase is needed. Nothing was changed.")
        self._write(header.sealed(slots.PASSPHRASE, self._key, new, cost or keys.calibrated()))

    def stop_escrow(self) -> None:
        """Take the council's way out again; passphrase and recovery sheet must both be there."""
        self._write(slots.read(self._place).without(slots.ESCROW))

    @property
    def is_safe(self) -> bool:
        """Whether two of passphrase, recovery sheet and escrow are there."""
        return slots.read(self._place).is_safe

    def destroy(self) -> None:
        """Take away every slot: what is on this disk can then be read by nobody."""
        header = slots.read(self._place)
        self._write(replace(header, slots=()))

    def _write(self, header: Header) -> None:
        try:
            write_whole(self._place.header, slots.to_bytes(header))
        except OSError as error:
            raise classified(error) from error
