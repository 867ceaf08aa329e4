"""mps queue: what waits, what died, and how to replay it."""

from typing import Annotated

import typer
from redis.exceptions import RedisError

from cli import output
from cli.local import JsonOption, LimitOption, local_registry
from registry.bus import PRIORITY
from registry.errors import NotFound, WrongUsage
from registry.ids import as_uuid
from registry.pipeline.dead_letters import dead as dead_letters
from registry.pipeline.dead_letters import letter, waiting
from registry.pipeline.dead_letters import replay as replay_letters

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="What waits, what died, and how to replay it."
)


@app.command()
def status(json: JsonOption = False) -> None:
    """Show how many submissions wait and how long the queues are."""
    with local_registry() as here:
        with here.work() as work:
            found: dict[str, object] = dict(waiting(work))
        try:
            redis = here.redis()
            found["queues"] = {queue: redis.llen(queue) for queue in PRIORITY}
        except (RedisError, OSError) as error:
            found["queues"] = f"away ({type(error).__name__}); submissions are stored and wait"
    if json:
        output.as_json(found)
    else:
        output.say(
            f"waiting: {found['waiting']}, dead letters: {found['failed']}, messages: {found['queues']}"
        )


@app.command()
def dead(
    reason: Annotated[str | None, typer.Option(help="Only those whose reason contains this.")] = None,
    limit: LimitOption = 100,
    json: JsonOption = False,
) -> None:
    """List dead letters with reason and age."""
    with local_registry() as here, here.work() as work:
        rows = dead_letters(work, reason=reason, limit=limit)
    shown = [row | {"age": output.age(row["age_seconds"])} for row in rows]
    columns = ("id", "site", "age", "attempts", "error")
    output.listing({"dead": rows}, shown, columns, json=json, empty="no dead letters")


@app.command()
def show(
    submission: Annotated[str, typer.Argument(help="Id of the dead letter.")], json: JsonOption = False
) -> None:
    """Show one dead letter: reason, age, where it came from, and what happened to it. Never what it holds."""
    with local_registry() as here, here.work() as work:
        found = letter(work, as_uuid(submission))
    if json:
        output.as_json(found)
        return
    output.say(f"dead letter {found['id']} of {found['site']}")
    output.say(f"  reason    {found['error']} (tried {found['attempts']} times)")
    output.say(f"  age       {output.age(found['age_seconds'])}, failed at {found['failed_at']}")
    if found["batch"]:
        place = found["place"] or f"item {found['position']}"
        output.say(f"  from      batch {found['batch']}, {place}")
    output.say(f"  log       correlation id {found['correlation_id']}")
    for one in found["events"]:
        output.say(f"  {one['at']:%Y-%m-%d %H:%M:%S} {one['action']} by {one['actor']}")
    output.say("once the reason is mended: mps queue replay " + str(found["id"]))


@app.command()
def replay(
    submission: Annotated[str | None, typer.Argument(help="Id of one; or use --reason or --all.")] = None,
    reason: Annotated[str | None, typer.Option(help="All whose reason contains this.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
) -> None:
    """Send dead letters through the workers again: one, by reason, or all."""
    if sum((submission is not None, reason is not None, every)) != 1:
        raise WrongUsage("name one submission, or give --reason TEXT, or --all")
    with local_registry() as here, here.work() as work:
        ids = [as_uuid(submission)] if submission else None
        count = replay_letters(work, ids=ids, reason=reason, actor=here.actor)
        if submission and not count:
            raise NotFound("no dead letter has this id; `mps queue dead` lists them")
    output.say(f"{count} rung again")
