"""`bot ask`, `bot explain`, `bot evaluate`: try the answers and look into them."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot import logs, settings
from bot.app import engine, opened
from bot.dialogue import trial
from bot.errors import BotError, InvalidInput
from bot.library import explain as explaining
from bot.library import find, verdict
from bot.school import catalogue
from knowledge.evaluate import evaluate as run_evaluation
from knowledge.evaluate import index_of, questions_of
from knowledge.judge import load_judge
from knowledge.search import LIMIT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.runtime import Runtime


@click.command()
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--explain", is_flag=True, help="Which words and features made each hit.")
@click.option("--batch", type=click.Path(exists=True, path_type=Path), help="JSON lines id, text.")
def ask(question: str | None, batch: Path | None, *, as_json: bool, explain: bool) -> None:
    """Answer a question as a parent would be answered; nothing is stored."""
    if (question is None) == (batch is None):
        raise click.UsageError("give either a question or --batch FILE")
    rows = [("1", question)] if question is not None else list(_batch_rows(batch))
    asyncio.run(_ask([(i, t or "") for i, t in rows], as_json=as_json, explain=explain))


async def _ask(rows: Iterable[tuple[str, str]], *, as_json: bool, explain: bool) -> None:
    async with _runtime() as rt:
        parts = engine()
        for number, text in rows:
            answer = trial.ask(rt, parts, text)
            is_question = answer["band"] == "answer"
            said = verdict.of(rt, text, limit=LIMIT) if is_question else None
            found = said.found if said is not None else None
            answer["id"] = number
            answer["hits"] = explaining.hits(found)
            if said is not None:
                answer["band"] = said.band.value
            if explain:
                answer["explain"] = explaining.features(rt, text, found)
            click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _plain(answer))


def _plain(answer: dict[str, Any]) -> str:
    lines = [answer["reply"], "", f"band={answer['band']} intent={answer['intent']}"]
    lines += [f"  {h['score']:.3f} {h['entry']}" for h in answer["hits"][:5]]
    if "explain" in answer:
        lines.append(json.dumps(answer["explain"], ensure_ascii=False, indent=1))
    return "\n".join(lines)


def _batch_rows(path: Path | None) -> Iterator[tuple[str, str]]:
    assert path is not None
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield row["id"], str(row["text"])
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(f"{path}:{number}: needs id and text ({error})") from error


@asynccontextmanager
async def _runtime() -> AsyncIterator[Runtime]:
    """Open a runtime with the published base, or the files where nothing is published."""
    loaded = settings.load()
    logs.configure(level="critical", form=loaded.log_format)  # a trial alarms nobody
    async with opened(loaded) as rt:
        try:
            if rt.db.is_absent():
                raise InvalidInput("no database yet")
            async with rt.db.read() as tx:
                await tx.run_sync(lambda c: find.refresh(rt, c))
                # a trial reads nothing itself, so what parents may learn is read beforehand
                await tx.run_sync(lambda c: catalogue.current(rt, lambda q: c.execute(q).all()))
        except BotError:
            find.put(rt, find.from_files(loaded.index_path))
            catalogue.from_files(rt)
        yield rt


@click.command()
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def explain(code: str, *, as_json: bool) -> None:
    """Look up an answer by its short id: entry, version, words, scores, band."""

    async def look() -> list[dict[str, Any]]:
        async with _runtime() as rt:
            return await explaining.decision(rt, code)

    records = asyncio.run(look())
    if not records:
        raise InvalidInput(f"no answer has the id {code}; records are kept BOT_DECISION_DAYS days")
    for record in records:
        click.echo(json.dumps(record, ensure_ascii=False, indent=None if as_json else 2))


@click.command()
@click.option(
    "--entries", type=click.Path(exists=True, path_type=Path), help="JSON lines to index."
)
@click.option("--queries", type=click.Path(exists=True, path_type=Path), help="JSON lines to ask.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def evaluate(entries: Path | None, queries: Path | None, *, as_json: bool) -> None:
    """Measure matching: R@1, R@3, R@10, MRR@10, AUROC, coverage at 95 % precision.

    Without files: the entries of knowledge/content and the questions of knowledge/eval.
    """
    from knowledge import golden

    if (entries is None) != (queries is None):
        raise click.UsageError("--entries and --queries go together")
    if entries is not None and queries is not None:
        scores = {"all": run_evaluation(index_of(entries), load_judge(), questions_of(queries))}
    else:
        base = find.from_files(settings.load().index_path)
        scores = golden.evaluate(base.index, base.judge)
    for name, score in scores.items():
        text = score.to_json()
        sys.stdout.write(text + "\n" if as_json and len(scores) == 1 else f"{name}: {text}\n")
