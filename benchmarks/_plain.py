"""What jamsos is measured against: the same work as plain `eventsourcing` aggregates do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import JSONTranscoder, Transcoding
from eventsourcing.system import NotificationLogReader

PAGE = 5_000
"""How many events are read at once: as many as jamsos reads."""


class Agent(Aggregate):
    """An agent on the way to an active account."""

    @event("Recruited")
    def __init__(self, programme: str, province: str, region: str, on: date) -> None:
        self.programme = programme
        self.province = province
        self.region = region
        self.status = "recruited"
        self.active_since: date | None = None
        self.last_event = on

    def begin_training(self, on: date) -> None:
        self._check("recruited", on)
        self._training_begun(on)

    def certify(self, on: date) -> None:
        self._check("in training", on)
        self._certified(on)

    def assign(self, on: date) -> None:
        self._check("certified", on)
        self._assigned(on)

    def check_active(self, on: date) -> None:
        if self.status != "active" or self.active_since is None or on < self.active_since:
            msg = f"The agent's account is not active on {on}: it is {self.status}."
            raise ValueError(msg)

    def _check(self, status: str, on: date) -> None:
        if self.status != status or on < self.last_event:
            msg = f"An agent who is {self.status} since {self.last_event} cannot do that on {on}."
            raise ValueError(msg)

    @event("TrainingBegun")
    def _training_begun(self, on: date) -> None:
        self.status = "in training"
        self.last_event = on

    @event("Certified")
    def _certified(self, on: date) -> None:
        self.status = "certified"
        self.last_event = on

    @event("Assigned")
    def _assigned(self, on: date) -> None:
        self.status = "active"
        self.active_since = on
        self.last_event = on


class Participant(Aggregate):
    """A participant in one segment, and the months that are paid for each programme."""

    @event("Registered")
    def __init__(
        self, segment: str, province: str, channel: str, agent: UUID | None, on: date
    ) -> None:
        self.segment = segment
        self.province = province
        self.channel = channel
        self.agent = agent
        self.registered_since = on.isoformat()[:7]
        self.paid: dict[str, set[str]] = {}
        self.payments: dict[str, tuple[str, ...]] = {}

    @classmethod
    def register(
        cls, *, segment: str, province: str, channel: str, agent: Agent, on: date
    ) -> Participant:
        agent.check_active(on)
        return cls(segment=segment, province=province, channel=channel, agent=agent.id, on=on)

    def pay(
        self,
        *,
        reference: str,
        programmes: Sequence[str],
        months: Sequence[str],
        income: int,
        amount: int,
        payer: str,
        on: date,
    ) -> None:
        if reference in self.payments:
            msg = f"There is another payment under the reference {reference}."
            raise ValueError(msg)
        if income < 0 or amount < 0:
            msg = "Amounts are not below 0."
            raise ValueError(msg)
        if list(months) != _run(months[0], len(months)):
            msg = "A payment covers one unbroken run of whole months."
            raise ValueError(msg)
        if months[0] < self.registered_since:
            msg = f"The participant is not registered in {months[0]}."
            raise ValueError(msg)
        for programme in programmes:
            if twice := self.paid.get(programme, set()).intersection(months):
                msg = f"Contributions are paid already for {sorted(twice)}."
                raise ValueError(msg)
        self._contribution_paid(
            reference=reference,
            programmes=list(programmes),
            months=list(months),
            income=income,
            amount=amount,
            payer=payer,
            on=on,
        )

    @event("ContributionPaid")
    def _contribution_paid(
        self,
        reference: str,
        programmes: list[str],
        months: list[str],
        income: int,
        amount: int,
        payer: str,
        on: date,
    ) -> None:
        self.payments[reference] = (*months, str(income), str(amount), payer, on.isoformat())
        for programme in programmes:
            self.paid.setdefault(programme, set()).update(months)


class DateAsISO(Transcoding):
    """Dates in stored events: the stock transcoder has none."""

    type = date
    name = "date_iso"

    def encode(self, obj: date) -> str:
        return obj.isoformat()

    def decode(self, data: str) -> date:
        return date.fromisoformat(data)


class Scheme(Application):
    """The application over these aggregates: each command is saved before it returns."""

    name = "scheme"
    log_section_size = PAGE

    @classmethod
    def at(cls, path: Path) -> Scheme:
        return cls(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})

    def register_transcodings(self, transcoder: JSONTranscoder) -> None:
        super().register_transcodings(transcoder)
        transcoder.register(DateAsISO())

    def recruit(self, *, programme: str, province: str, on: date) -> UUID:
        agent = Agent(programme=programme, province=province, region="national", on=on)
        agent.begin_training(on)
        agent.certify(on)
        agent.assign(on)
        self.save(agent)
        return agent.id

    def register(self, *, segment: str, province: str, channel: str, agent: UUID, on: date) -> UUID:
        by = self.repository.get(agent)
        participant = Participant.register(
            segment=segment, province=province, channel=channel, agent=by, on=on
        )
        self.save(participant)
        return participant.id

    def pay(self, participant: UUID, **payment: Any) -> None:  # noqa: ANN401 - passed on
        paying = self.repository.get(participant)
        paying.pay(**payment)
        self.save(paying)

    def read(self) -> Iterator[Any]:
        """Return every event from the notification log, in order."""
        reader = NotificationLogReader(self.notification_log, section_size=PAGE)
        for page in reader.select(start=1):
            for notification in page:
                yield self.mapper.to_domain_event(notification)


def _run(first: str, length: int) -> list[str]:
    """Return *length* months from *first* on, as in ``2018-02``."""
    year, month = map(int, first.split("-"))
    places = (year * 12 + month - 1 + place for place in range(length))
    return [f"{place // 12}-{place % 12 + 1:02}" for place in places]
