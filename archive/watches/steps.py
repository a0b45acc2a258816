"""The history of the schema of watches.db: every step, never edited once released."""

from archive.files import Database, Migrations

steps = Migrations("watches")


@steps()
def w001_watches_and_their_messages(db: Database) -> None:
    """Create the tables of watches, of their place among the events, of notices, and the outbox of messages.

    A notice is an event of which a watch sends a message, or sent one; of a page it holds no word.
    """
    for statement in (
        """create table watches (
            name text primary key,
            definition text not null,
            is_declared integer not null,
            added_at text not null,
            after_event integer not null,
            after_recorded text not null,
            paused_since text,
            failures integer not null default 0,
            failing_since text,
            next_try_at text,
            trouble text,
            sent integer not null default 0,
            last_sent_at text
        )""",
        """create table place (
            series integer primary key,
            file text not null,
            event integer not null,
            identity text not null,
            recorded_at text not null
        )""",
        """create table messages (
            number integer primary key,
            id text not null unique,
            watch text not null references watches(name) on delete cascade,
            pace text not null,
            made_at text not null,
            due_at text not null,
            attempts integer not null default 0,
            refused text
        )""",
        "create index messages_due on messages(watch, due_at, number) where refused is null",
        "create index messages_refused on messages(watch, refused) where refused is not null",
        """create table notices (
            number integer primary key,
            watch text not null references watches(name) on delete cascade,
            id text not null,
            message text not null,
            kind text not null,
            moment text not null,
            recorded_at text not null,
            source text,
            key text,
            content_digest text,
            line text,
            is_late integer not null default 0,
            detail text,
            sent_at text,
            dropped text,
            unique (watch, id)
        )""",
        "create index notices_message on notices(message)",
        "create index notices_line on notices(watch, line) where line is not null",
        "create index notices_moment on notices(watch, moment) where line is null",
        "create index notices_key on notices(watch, key) where key is not null",
        """create table rules (
            watch text not null references watches(name) on delete cascade,
            name text not null,
            ok integer not null,
            primary key (watch, name)
        ) without rowid""",
    ):
        db.execute(statement)
