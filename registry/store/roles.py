"""The roles of the database that processes run as: they own nothing, and have the rights of ``grants.py``."""

from enum import StrEnum


class Role(StrEnum):
    """The roles that processes run as. Roles belong to a whole cluster: all registries in one share them."""

    API = "mps_api"
    WORKER = "mps_worker"
    STAFF = "mps_staff"  # the command line of the registry's staff
