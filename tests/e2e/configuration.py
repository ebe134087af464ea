"""Writes configuration files for the program."""

import json

from servers import mail


class Configuration:
    """One configuration file and the secret files it names, in a folder of its own.

    `target`, `module` and `credential` add to it; `write` makes the file and returns its path.
    """

    def __init__(self, folder, certificates):
        self.agent = {"timeout": "10s", "helo": "monitor.example.test"}
        self._folder = folder
        self._ca = certificates.ca
        self._credentials = {}
        self._modules = {}
        self._targets = []

    def every(self, interval):
        """Runs the checks that often; a run may take no longer."""
        self.agent.update(interval=interval, timeout=interval)
        return self

    def credential(self, name="probe", password=mail.PASSWORD, **settings):
        """Adds a credential of USER, bound to the loopback address and the test names."""
        secret = self._folder / f"{name}.secret"
        secret.touch(0o600)
        secret.write_text(password + "\n")
        defaults = {
            "username": mail.USER,
            "password_file": secret.name,
            "hosts": ["127.0.0.1", "*.example.test"],
        }
        self._credentials[name] = {**defaults, **settings}
        return self

    def target(self, server, role, *checks, **settings):
        """Adds a target for a role of a mail server; each check is a kind, or a dict of settings.

        The target's name is the role unless `name` says otherwise. A setting of None is left out.
        """
        tls = "implicit" if mail.implicit_tls(role) else "starttls"
        defaults = {
            "name": role,
            "host": "127.0.0.1",
            "port": server.ports[role],
            "tls": "none" if role == "cleartext" else tls,
            "ca_file": str(self._ca),
            "checks": [check for check in checks if isinstance(check, str)] or None,
            "check": [check for check in checks if isinstance(check, dict)] or None,
        }
        return self.raw_target({**defaults, **settings})

    def raw_target(self, settings):
        """Adds a target of exactly these settings."""
        self._targets.append({key: value for key, value in settings.items() if value is not None})
        return self

    def module(self, name, *targets, **settings):
        """Adds a module of /probe that may be sent to those targets; a setting of None is left out."""
        settings = {"targets": targets, "ca_file": str(self._ca), **settings}
        self._modules[name] = {k: value for k, value in settings.items() if value is not None}
        return self

    def remove_target(self, name):
        self.keep_targets(lambda kept: kept != name)

    def keep_targets(self, wanted):
        """Removes the targets for whose name wanted() is false."""
        self._targets = [target for target in self._targets if wanted(target["name"])]

    def write(self):
        lines = ["[agent]", *_settings(self.agent)]
        for name, settings in self._credentials.items():
            lines += ["", f"[credentials.{name}]", *_settings(settings)]
        for target in self._targets:
            lines += ["", "[[target]]", *_settings(target)]
        for name, settings in self._modules.items():
            lines += ["", f"[probe.module.{name}]", *_settings(settings)]
        path = self._folder / "config.toml"
        path.write_text("\n".join(lines) + "\n")
        return path


def _settings(table):
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(_settings(value)) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    # Strings, numbers and booleans are written alike in JSON and TOML.
    return json.dumps(value)
