"""The sentences of explanations, in English and in Indonesian, and the words in them."""

# ruff: noqa: E501 - a sentence has a line of its own, in each language

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from string import Formatter
from types import MappingProxyType
from typing import Any, Final

from jamsos.errors import InputError

from .rate import rate_text


class Language(StrEnum):
    """A language in which an explanation can be told."""

    ENGLISH = "en"
    INDONESIAN = "id"

    @classmethod
    def of(cls, name: str) -> Language:
        """Return the language called *name*. Raises `InputError` where there is none."""
        try:
            return cls(name)
        except ValueError as error:
            msg = f"there is no language {name!r}: explanations are told in {', '.join(cls)}"
            raise InputError(msg) from error


SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # -- What every explanation has. --
        "known": (
            "How well this is known: {certainty}.",
            "Tingkat kepastian: {certainty}.",
        ),
        "certainty-enacted": ("enacted", "ditetapkan"),
        "certainty-reported": ("reported", "menurut sumber sekunder"),
        "certainty-unverified": (
            "not verified for this day",
            "belum diperiksa untuk tanggal ini",
        ),
        "certainty-assumed": ("assumed", "diandaikan"),
        "certainty-not-encoded": ("not encoded", "belum dimuat"),
        "read-number": (
            "Rule {rule}{at:at} says {said:n} {unit:unit} ({citation}; {status:word}{verified:verified}).",
            "Aturan {rule}{at:at} menyebut {said:n} {unit:unit} ({citation}; {status:word}{verified:verified}).",
        ),
        "read-rupiah": (
            "Rule {rule}{at:at} says {said:rp} ({citation}; {status:word}{verified:verified}).",
            "Aturan {rule}{at:at} menyebut {said:rp} ({citation}; {status:word}{verified:verified}).",
        ),
        "read-rate": (
            "Rule {rule}{at:at} says {said:rate} ({citation}; {status:word}{verified:verified}).",
            "Aturan {rule}{at:at} menyebut {said:rate} ({citation}; {status:word}{verified:verified}).",
        ),
        "read-names": (
            "Rule {rule}{at:at} says {said:word} ({citation}; {status:word}{verified:verified}).",
            "Aturan {rule}{at:at} menyebut {said:word} ({citation}; {status:word}{verified:verified}).",
        ),
        "no-value": (
            "Rule {rule} says nothing of {on}.",
            "Aturan {rule} tidak berlaku pada {on}.",
        ),
        "share": (
            "{rate:rate} of {of:rp} is {result:rp}.",
            "{rate:rate} dari {of:rp} adalah {result:rp}.",
        ),
        "share-rounded-down": (
            "{rate:rate} of {of:rp}, rounded down to whole rupiah, is {result:rp}.",
            "{rate:rate} dari {of:rp}, dibulatkan ke bawah ke rupiah penuh, adalah {result:rp}.",
        ),
        # -- What a record says of itself. --
        "no-rule": (
            "No rule was read for this: it is recorded as it was told.",
            "Tidak ada aturan yang dibaca: dicatat sebagaimana disampaikan.",
        ),
        "rule-unknown": (
            "Rule {rule} is named, and the history had not enacted it.",
            "Aturan {rule} disebut, tetapi belum dimuat dalam catatan.",
        ),
        "idle": (
            "The agent had acquired nobody for {months:n} whole month{months:s}; the last time was {last}.",
            "Agen tidak mengakuisisi siapa pun selama {months:n} bulan penuh; terakhir {last}.",
        ),
        # -- What is due. --
        "asked-bpu": (
            "Asked: what a non-wage earner with a monthly income of {income:rp} owes for {month}, in sector {sector:word}, paid out of {budget:word}.",
            "Ditanyakan: iuran peserta bukan penerima upah dengan penghasilan {income:rp} sebulan untuk {month}, sektor {sector:word}, dibayar dari {budget:word}.",
        ),
        "law-of-first-day": (
            "Rule {rule} changes within the month: what it says on {on}, the first day, is taken.",
            "Aturan {rule} berubah dalam bulan itu: dipakai yang berlaku pada {on}, hari pertamanya.",
        ),
        "programmes": (
            "The programmes are {programmes:word}.",
            "Programnya {programmes:word}.",
        ),
        "relief": (
            "{programme:word}: {full:rp} less {relief:rate} is {amount:rp}.",
            "{programme:word}: {full:rp} dikurangi {relief:rate} menjadi {amount:rp}.",
        ),
        "relief-rounded-down": (
            "{programme:word}: {full:rp} less {relief:rate}, rounded down to whole rupiah, is {amount:rp}.",
            "{programme:word}: {full:rp} dikurangi {relief:rate}, dibulatkan ke bawah ke rupiah penuh, menjadi {amount:rp}.",
        ),
        "relief-excluded": (
            "What is paid out of {budget:word} has no relief.",
            "Iuran yang dibayar dari {budget:word} tidak mendapat keringanan.",
        ),
        "relief-conditions": (
            "Whether the participant is one of these is not looked at: the relief is given.",
            "Apakah peserta termasuk di antaranya tidak diperiksa: keringanan diberikan.",
        ),
        "deferral": (
            "{programme:word}: {rate:rate} of it may be paid later.",
            "{programme:word}: {rate:rate} darinya boleh dibayar kemudian.",
        ),
        "due": (
            "{programme:word}: {amount:rp} is due, borne by {bearer:word}.",
            "{programme:word}: iuran {amount:rp}, ditanggung {bearer:word}.",
        ),
        "due-in-all": (
            "In all, {total:rp} is due.",
            "Jumlah iuran {total:rp}.",
        ),
        # -- What a wage earner, a construction contract or a migrant worker owes. --
        "asked-pu": (
            "Asked: what is due for {month} for a wage earner with a monthly wage of {wage:rp}, at a work risk that is {risk:word}.",
            "Ditanyakan: iuran penerima upah dengan upah {wage:rp} sebulan untuk {month}, tingkat risiko kerja {risk:word}.",
        ),
        "wage-under-ceiling": (
            "The wage of {wage:rp} is not over the ceiling of {ceiling:rp}: {base:rp} is taken.",
            "Upah {wage:rp} tidak melebihi batas {ceiling:rp}: dipakai {base:rp}.",
        ),
        "wage-over-ceiling": (
            "The wage of {wage:rp} is over the ceiling of {ceiling:rp}: {base:rp} is taken.",
            "Upah {wage:rp} di atas batas {ceiling:rp}: dipakai {base:rp}.",
        ),
        "jkp-ceiling-unknown": (
            "Whether JKP has a wage ceiling of its own was not found: the whole wage is taken.",
            "Apakah JKP punya batas upah sendiri tidak ditemukan: dipakai seluruh upah.",
        ),
        "asked-construction-contract": (
            "Asked: what is due for a construction contract of {value:rp} without VAT, begun in {month}.",
            "Ditanyakan: iuran kontrak jasa konstruksi senilai {value:rp} tanpa PPN, mulai {month}.",
        ),
        "asked-construction-wages": (
            "Asked: what is due for wages of {wages:rp} in construction, in {month}.",
            "Ditanyakan: iuran jasa konstruksi atas upah {wages:rp}, bulan {month}.",
        ),
        "contract-step": (
            "On the part of {part:rp} from {since:rp} on, {rate:rate} is paid.",
            "Atas bagian {part:rp} mulai {since:rp} dibayar {rate:rate}.",
        ),
        "contract-sum": (
            "The parts make {result:rp}.",
            "Seluruh bagian berjumlah {result:rp}.",
        ),
        "contract-sum-rounded-down": (
            "The parts, added and then rounded down to whole rupiah, make {result:rp}.",
            "Seluruh bagian, dijumlahkan lalu dibulatkan ke bawah ke rupiah penuh, berjumlah {result:rp}.",
        ),
        "asked-migrant": (
            "Asked: what a migrant worker owes for a contract of {contract:word}, begun in {month}, extended by {extension:n} month{extension:s}.",
            "Ditanyakan: iuran pekerja migran untuk kontrak {contract:word}, mulai {month}, diperpanjang {extension:n} bulan.",
        ),
        "extension": (
            "{months:n} month{months:s} at {monthly:rp}: {result:rp}.",
            "{months:n} bulan kali {monthly:rp} adalah {result:rp}.",
        ),
        "migrant-jht": (
            "For JHT {chosen:rp} a month is chosen; at least {least:rp} is asked.",
            "Untuk JHT dipilih {chosen:rp} sebulan; paling sedikit {least:rp}.",
        ),
        # -- Until when, and what being late costs. --
        "asked-due-date": (
            "Asked: until when the contribution of segment {segment:word} for {month} is to be paid.",
            "Ditanyakan: batas akhir pembayaran iuran segmen {segment:word} untuk {month}.",
        ),
        "due-date": (
            "That is {on}.",
            "Yaitu {on}.",
        ),
        "due-date-shorter-month": (
            "The month is too short: its last day is taken, {on}.",
            "Bulan itu terlalu pendek: dipakai hari terakhirnya, {on}.",
        ),
        "weekend": (
            "{day} is a Saturday or Sunday: {on} is taken.",
            "{day} jatuh pada Sabtu atau Minggu: dipakai {on}.",
        ),
        "holidays-unknown": (
            "Public holidays are in no rule: where {on} is one, the day is a later one.",
            "Hari libur nasional tidak dimuat: bila {on} hari libur, batasnya mundur.",
        ),
        "asked-fine": (
            "Asked: the fine on {amount:rp} of segment {segment:word} for {month}, paid on {paid_on}.",
            "Ditanyakan: denda atas {amount:rp} segmen {segment:word} untuk {month}, dibayar {paid_on}.",
        ),
        "months-late": (
            "Due on {due_on}, it is {months:n} month{months:s} late; a month that has begun counts whole.",
            "Batasnya {due_on}, terlambat {months:n} bulan; bulan yang sudah dimulai dihitung penuh.",
        ),
        "in-time": (
            "Due on {due_on}, it is in time.",
            "Batasnya {due_on}, tepat waktu.",
        ),
        "fine": (
            "{months:n} times {monthly:rp} is {result:rp}.",
            "{months:n} kali {monthly:rp} adalah {result:rp}.",
        ),
        "payment-due": (
            "For all months {total:rp} is due, of which {credit:rp} is credited: {to_pay:rp} is to be paid.",
            "Untuk semua bulan iuran {total:rp}, diperhitungkan {credit:rp}: dibayar {to_pay:rp}.",
        ),
        "not-credited": (
            "No rule says any more what {month} costs, which was paid for: nothing of it is credited.",
            "Tidak ada lagi aturan tentang iuran {month} yang sudah dibayar: tidak ada yang diperhitungkan.",
        ),
        "credited": (
            "For {month} {then:rp} was due when it was paid, and {now:rp} with the relief: the rest is credited.",
            "Untuk {month} iuran {then:rp} saat dibayar, dan {now:rp} dengan keringanan: sisanya diperhitungkan.",
        ),
        # -- For which months may be paid, and who may register. --
        "asked-coverage": (
            "Asked: for which months a non-wage earner may pay on {on}, who has paid for {paid:months}.",
            "Ditanyakan: bulan mana yang boleh dibayar pada {on}, yang sudah dibayar: {paid:months}.",
        ),
        "covered-from": (
            "Nothing is paid yet: coverage begins on {on}.",
            "Belum ada yang dibayar: perlindungan mulai {on}.",
        ),
        "in-arrears": (
            "{months:n} month{months:s} unpaid after {since}, no more than {most:n}: arrears.",
            "Setelah {since} ada {months:n} bulan belum dibayar, tidak lebih dari {most:n}: tunggakan.",
        ),
        "lapsed": (
            "{months:n} month{months:s} unpaid after {since}, more than {most:n}: the participation lapsed.",
            "Setelah {since} ada {months:n} bulan belum dibayar, lebih dari {most:n}: kepesertaan berakhir.",
        ),
        "payable": (
            "Payable are {months:months}.",
            "Yang boleh dibayar {months:months}.",
        ),
        "asked-admission": (
            "Asked: whether somebody born on {born} may be registered as a non-wage earner on {on}, in occupation {occupation:word}.",
            "Ditanyakan: apakah orang yang lahir {born} boleh didaftarkan sebagai peserta BPU pada {on}, pekerjaan {occupation:word}.",
        ),
        "asked-first-payment": (
            "He pays for the first time on {on}.",
            "Ia membayar pertama kali pada {on}.",
        ),
        "age-under": (
            "On {on} he is {age:n}, under {limit:n}.",
            "Pada {on} umurnya {age:n}, di bawah {limit:n}.",
        ),
        "age-over": (
            "On {on} he is {age:n}, not under {limit:n}.",
            "Pada {on} umurnya {age:n}, tidak di bawah {limit:n}.",
        ),
        # -- What an agent gets. --
        "asked-incentive": (
            "Asked: the incentive of an agent for {month}.",
            "Ditanyakan: insentif agen untuk {month}.",
        ),
        "new-by-record": (
            "That nobody was registered before is taken from the record: it holds no identity number.",
            "Bahwa peserta belum pernah terdaftar diambil dari catatan: NIK tidak dicatat.",
        ),
        "new-participants": (
            "New participants that count: {number:n}.",
            "Peserta baru yang dihitung: {number:n}.",
        ),
        "too-few": (
            "{number:n} is fewer than {least:n}: there is no incentive for acquisitions.",
            "{number:n} kurang dari {least:n}: tidak ada insentif akuisisi.",
        ),
        "for-new": (
            "For {number:n} new participant{number:s} with {programmes:word}: {result:rp}.",
            "Untuk {number:n} peserta baru dengan {programmes:word}: {result:rp}.",
        ),
        "for-new-nothing": (
            "For {number:n} new participant{number:s} with other programmes no rule says an amount.",
            "Untuk {number:n} peserta baru dengan program lain tidak ada aturan jumlahnya.",
        ),
        "of-contributions": (
            "Of contributions of {of:rp}, {rate:rate}: {result:rp}.",
            "Dari iuran {of:rp}, {rate:rate}: {result:rp}.",
        ),
        "each-rounded-down": (
            "The share of each contribution is rounded down to whole rupiah.",
            "Bagian dari setiap iuran dibulatkan ke bawah ke rupiah penuh.",
        ),
        "split-by-months": (
            "Payment {reference} is for months of several rates: it is split evenly by months.",
            "Pembayaran {reference} untuk bulan dengan tarif berbeda: dibagi rata per bulan.",
        ),
        "firms-not-recorded": (
            "What a firm pays in all is not recorded: whether it is in an agent's care is not checked.",
            "Jumlah iuran perusahaan tidak dicatat: apakah menjadi binaan agen tidak diperiksa.",
        ),
        "incentive-sum": (
            "{acquisition:rp} for acquisitions and {contributions:rp} of contributions are {gross:rp}.",
            "{acquisition:rp} untuk akuisisi dan {contributions:rp} dari iuran adalah {gross:rp}.",
        ),
        "office-out-of": (
            "Out of it the office gets {office:rp}, and the agent {agent:rp}.",
            "Dari jumlah itu kantor mendapat {office:rp} dan agen {agent:rp}.",
        ),
        "office-on-top": (
            "The agent gets {agent:rp}, and the office {office:rp} on top of it.",
            "Agen mendapat {agent:rp}, dan kantor {office:rp} sebagai tambahan.",
        ),
        "pay-by": (
            "It is paid by {on}.",
            "Dibayar paling lambat {on}.",
        ),
    }
)
"""By key: a sentence in English and in Indonesian, with the same values in both."""

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "enacted": ("enacted", "ditetapkan"),
        "reported": ("reported", "menurut sumber sekunder"),
        "assumed": ("assumed", "diandaikan"),
        "jkk": ("JKK", "JKK"),
        "jkm": ("JKM", "JKM"),
        "jht": ("JHT", "JHT"),
        "jp": ("JP", "JP"),
        "jkp": ("JKP", "JKP"),
        "transport": ("transport", "transportasi"),
        "other": ("other", "lainnya"),
        "own": ("no public budget", "dana bukan APBN/APBD"),
        "state-budget": ("the state budget", "APBN"),
        "regional-budget": ("a regional budget", "APBD"),
        "participant": ("the participant", "peserta"),
        "employer": ("the employer", "pemberi kerja"),
        "worker": ("the worker", "pekerja"),
        "state": ("the central government", "pemerintah pusat"),
        "pu": ("PU", "PU"),
        "bpu": ("BPU", "BPU"),
        "construction": ("construction", "jasa konstruksi"),
        "migrant": ("migrant workers", "pekerja migran"),
        "micro": ("micro", "mikro"),
        "small": ("small", "kecil"),
        "large": ("large", "besar"),
        "one": ("one", "satu"),
        "two": ("two", "dua"),
        "three": ("three", "tiga"),
        "six": ("six", "enam"),
        "twelve": ("twelve", "dua belas"),
        "very-low": ("very low", "sangat rendah"),
        "low": ("low", "rendah"),
        "medium": ("medium", "sedang"),
        "high": ("high", "tinggi"),
        "very-high": ("very high", "sangat tinggi"),
        "six-months": ("six months", "enam bulan"),
        "twelve-months": ("twelve months", "dua belas bulan"),
        "twenty-four-months": ("24 months", "24 bulan"),
        "outside-employment": ("outside employment", "di luar hubungan kerja"),
        "in-training": ("in training", "magang atau praktik"),
        "next-working-day": ("the next working day", "hari kerja berikutnya"),
        "jkk-jkm": ("JKK and JKM", "JKK dan JKM"),
        "jht-jkk-jkm": ("JHT, JKK and JKM", "JHT, JKK dan JKM"),
        "on-top": ("on top", "sebagai tambahan"),
        "out-of-incentive": ("out of the incentive", "dari insentif"),
        "agent": ("the agent", "agen"),
        "office": ("the office", "kantor"),
        "a": ("regime A", "rezim A"),
        "b": ("regime B", "rezim B"),
        "first-contribution-received": (
            "the first contribution received",
            "iuran pertama diterima",
        ),
        "complete-form-received": ("the complete form received", "formulir lengkap diterima"),
        "electronic-entry-accepted": ("the electronic entry accepted", "entri elektronik diterima"),
        "not-counted": ("not counted", "tidak dihitung"),
        "credited-to-following-months": (
            "credited to the following months",
            "diperhitungkan untuk bulan berikutnya",
        ),
        "registration": ("registration", "pendaftaran"),
        "first-payment": ("first payment", "pembayaran pertama"),
        "active": ("active participants", "peserta aktif"),
        "new": ("new participants", "peserta baru"),
        "paid-up-to-july-2020": (
            "those paid up to July 2020",
            "yang lunas sampai Juli 2020",
        ),
        "new-from-third-month": (
            "new participants from the third month on",
            "peserta baru mulai bulan ketiga",
        ),
        "bpu-never-registered": (
            "BPU who were never registered before",
            "BPU yang belum pernah terdaftar",
        ),
        "bpu-participant": ("a BPU participant", "peserta BPU"),
        "citizen": ("a citizen", "warga negara Indonesia"),
        "nik": ("NIK", "NIK"),
        "acquisition": ("an acquisition", "akuisisi"),
        "transaction": ("a transaction", "transaksi"),
        "contribution": ("a contribution", "iuran"),
        "acquisition-by-agent": ("acquisition by the agent", "akuisisi oleh agen"),
        "acquisition-by-agent-anew": (
            "another acquisition by the agent",
            "akuisisi kembali oleh agen",
        ),
        "agreement-start": ("the start of the agreement", "awal perjanjian"),
        "due-in-full": ("due in full", "wajib dibayar penuh"),
        "inactive": ("inactive", "tidak aktif"),
        "ended": ("ended", "berakhir"),
        "jkk-claim": ("a claim on JKK", "klaim JKK"),
        "jkm-claim": ("a claim on JKM", "klaim JKM"),
        "jht-claim": ("a claim on JHT", "klaim JHT"),
        "jht-claimed": ("JHT claimed", "JHT sudah diklaim"),
        "otherwise": ("otherwise", "selain itu"),
        "active-at-start": ("active at the start", "aktif pada awalnya"),
        "inactive-before": ("inactive before", "sebelumnya tidak aktif"),
        "before-departure": ("before departure", "sebelum berangkat"),
        "afterwards": ("afterwards", "sesudahnya"),
    }
)
"""Names of the law as people say them; a name that is not here is told with spaces."""


def sentence(key: str, values: Mapping[str, object], language: Language) -> str:
    """
    Return the sentence under *key*, in *language*, with *values* in it.

    >>> sentence("share", {"rate": 240, "of": 1_000_000, "result": 2_400}, Language.INDONESIAN)
    '0,24 % dari Rp 1.000.000 adalah Rp 2.400.'
    """
    said = SENTENCES[key][_place(language)]
    return "".join(
        text + ("" if name is None else _told(name, form or "", values, language))
        for text, name, form, _ in Formatter().parse(said)
    )


def _told(name: str, form: str, values: Mapping[str, object], language: Language) -> str:
    if form == "unit":
        return _unit(values[name], values["said"], language)
    return _FORMS[form](values[name], language)


def counted(number: int, unit: str, language: Language = Language.ENGLISH) -> str:
    """
    Return *number* with its *unit*, as people say it.

    >>> counted(1_200, "agents"), counted(1, "agents"), counted(3, "months", Language.INDONESIAN)
    ('1,200 agents', '1 agent', '3 bulan')
    """
    return f"{_number(number, language)} {_unit(unit, number, language)}"


def _place(language: Language) -> int:
    return tuple(Language).index(language)


def _digits(text: str, language: Language) -> str:
    """Return *text* with the separators that *language* has: 1,500.5 is 1.500,5."""
    return text.translate(_SEPARATORS) if language is Language.INDONESIAN else text


def _number(value: Any, language: Language) -> str:  # noqa: ANN401 - a whole number
    return _digits(f"{value:,}", language)


def _rupiah(value: Any, language: Language) -> str:  # noqa: ANN401 - a whole number
    return f"Rp {_number(value, language)}"


def _rate(value: Any, language: Language) -> str:  # noqa: ANN401 - a whole number
    return _digits(rate_text(value), language)


def _plain(value: object, _: Language) -> str:
    return str(value)


def _word(value: object, language: Language) -> str:
    if isinstance(value, tuple):
        none = ("none", "tidak ada")[_place(language)]
        return ", ".join(_word(each, language) for each in value) or none
    text = str(value)
    return WORDS[text][_place(language)] if text in WORDS else text.replace("-", " ")


def _unit(unit: object, number: object, language: Language) -> str:
    """Return the name of *unit* as it is said of *number*; as it is, where nobody named it."""
    if unit not in _UNITS:
        return str(unit).replace("-", " ")
    one, many, indonesian = _UNITS[str(unit)]
    if language is Language.INDONESIAN:
        return indonesian
    return one if number == 1 else many


def _plural(value: int, _: Language) -> str:
    """Return what makes an English noun one of many."""
    return "" if value == 1 else "s"


def _at(value: object, language: Language) -> str:
    """Return which row or bracket was read, in brackets; nothing where there is but one value."""
    if value is None:
        return ""
    if isinstance(value, int):
        since = ("from", "mulai")[_place(language)]
        return f" ({since} {_number(value, language)})"
    return f" ({_word(value, language)})"


def _months(value: object, language: Language) -> str:
    """Return months in their runs; the last of them may have no end."""
    if not value:
        return ("none", "tidak ada")[_place(language)]
    joint, endless = (("to", "and after"), ("sampai", "dan seterusnya"))[_place(language)]
    told = []
    for run in str(value).split(","):
        first, _, last = run.partition("/")
        told.append(first if first == last else f"{first} {joint} {last}")
    return ", ".join(told).replace(f"{joint} ..", endless)


def _verified(value: date | None, language: Language) -> str:
    if value is None:
        return ""
    said = ("not verified after", "belum diperiksa setelah")[_place(language)]
    return f"; {said} {value}"


_UNITS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "agents": ("agent", "agents", "agen"),
        "participants": ("participant", "participants", "peserta"),
        "months": ("month", "months", "bulan"),
        "years": ("year", "years", "tahun"),
        "day-of-month": (*("as day of the month",) * 2, "sebagai tanggal dalam bulan"),
    }
)
"""What units of whole numbers are called: of one and of many in English, and in Indonesian."""
_SEPARATORS: Final = str.maketrans({",": ".", ".": ","})
_FORMS: Mapping[str, Callable[[Any, Language], str]] = MappingProxyType(
    {
        "": _plain,
        "n": _number,
        "rp": _rupiah,
        "rate": _rate,
        "word": _word,
        "s": _plural,
        "months": _months,
        "at": _at,
        "verified": _verified,
    }
)
