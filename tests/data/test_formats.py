"""Texts in formats that need the extra ``text``, each written for the test: the same letters as the plain text has; and the same report on several machines' worth of workers."""

import sys

import numpy as np
import pytest

import symkern as sk
from symkern.data import text_files
from symkern.data.units import alphabet_of, counted, encoded
from symkern.errors import InvalidArgument, InvalidType
from tests.cli.running import invoke
from tests.clusters import small_cluster
from tests.data.reading_texts import PROSE

LINES = PROSE.splitlines()


def _decoded(source, unit, column=None, tokenizer=""):
    [text] = text_files.read_source(source, column)
    names = alphabet_of(counted(text, unit, tokenizer), unit, None, tokenizer)
    return [names.names()[t] for piece in encoded(text, names) for t in piece]


@pytest.fixture
def tables(tmp_path):
    """One text in the rows of three tables, beside a column of numbers, with a row that is missing."""
    pyarrow = pytest.importorskip("pyarrow", reason="tables need the extra text")
    from pyarrow import ipc, parquet

    rows = [*LINES[:3], None, *LINES[3:]]
    table = pyarrow.table({"n": range(len(rows)), "body": rows})
    places = {kind: tmp_path / f"a.{kind}" for kind in ("parquet", "arrow", "feather")}
    parquet.write_table(table, places["parquet"], row_group_size=10)
    with ipc.new_file(str(places["arrow"]), table.schema) as writer:
        writer.write_table(table, max_chunksize=7)
    with ipc.new_stream(str(places["feather"]), table.schema) as writer:
        writer.write_table(table)
    return places


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", ["parquet", "arrow", "feather"])
@pytest.mark.parametrize("unit", ["letters", "words", "tokens", "bytes"])
def test_columns_of_tables(tables, kind, unit):
    plain = "".join(line + "\n" for line in LINES).encode()
    assert _decoded(tables[kind], unit) == _decoded(plain, unit)
    assert _decoded(tables[kind], unit, "body") == _decoded(plain, unit)


def test_which_column(tmp_path):
    pyarrow = pytest.importorskip("pyarrow", reason="tables need the extra text")
    from pyarrow import parquet

    two = tmp_path / "two.parquet"
    parquet.write_table(pyarrow.table({"title": ["a b", "b a"], "text": ["c d", "d c"]}), two)
    assert set(_decoded(two, "words")) == {"c", "d"}
    assert set(_decoded(two, "words", "title")) == {"a", "b"}
    other = tmp_path / "other.parquet"
    parquet.write_table(pyarrow.table({"x": ["a"], "y": ["b"], "z": [1]}), other)
    for column in (None, "z", "body"):
        with pytest.raises(
            InvalidArgument, match="column: must be one of the columns of text, x, y"
        ):
            _decoded(other, "words", column)
    with pytest.raises(InvalidArgument, match="column: may be given for tables"):
        text_files.read_source("a.txt", "x")
    broken = tmp_path / "broken.parquet"
    for ending in ("parquet", "arrow"):
        broken = tmp_path / f"broken.{ending}"
        for content in (b"", b"PAR1 nothing of the kind"):
            broken.write_bytes(content)
            with pytest.raises(InvalidArgument, match="source: must be a table that can be read"):
                _decoded(broken, "words")
    with pytest.raises(InvalidArgument, match="source: must be a table that can be read"):
        _decoded(tmp_path / "missing.arrow", "words")


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_rows_that_are_no_text(ending, tmp_path):
    """Bytes that no string of a table may hold, though nothing looks: as any file's, they are named or taken."""
    pyarrow = pytest.importorskip("pyarrow", reason="tables need the extra text")
    from pyarrow import ipc, parquet

    rows = pyarrow.array([b"a" * 50, None, b"na\xefve"], pyarrow.binary())
    kind = pyarrow.string()
    rows = pyarrow.Array.from_buffers(kind, 3, rows.buffers())
    table, place = pyarrow.table({"body": rows}), tmp_path / f"a.{ending}"
    if ending == "parquet":
        parquet.write_table(table, place)
    else:
        with ipc.new_file(str(place), table.schema) as writer:
            writer.write_table(table)
    assert _decoded(place, "bytes") == _decoded(b"a" * 50 + b"\nna\xefve\n", "bytes")
    result = invoke("symmetry", str(place))
    assert result.exit_code == 2 and result.stderr.startswith("symkern: source: must be text in ")
    assert "byte 53 is 0xef of the rows of" in result.stderr
    assert result.stderr.endswith("; --unit bytes takes any file\n")


def test_an_archive_of_arrays_is_no_row_of_numbers(tmp_path):
    place = tmp_path / "a.npy"
    with place.open("wb") as stream:
        np.savez(stream, np.arange(9))
    result = invoke("symmetry", str(place))
    assert result.exit_code == 2 and len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("symkern: source: must be a file that can be read")


def test_zstd(tmp_path):
    zstandard = pytest.importorskip("zstandard", reason="zstd needs the extra text")
    packed = tmp_path / "a.txt"  # told by its bytes, whatever its name
    half = len(PROSE) // 2
    pack = zstandard.ZstdCompressor().compress
    packed.write_bytes(pack(PROSE[:half].encode()) + pack(PROSE[half:].encode()))  # two frames
    for unit in ("letters", "words", "tokens", "bytes"):
        assert _decoded(packed, unit) == _decoded(PROSE.encode(), unit)
    packed.write_bytes(pack(PROSE.encode())[:60])
    with pytest.raises(InvalidArgument, match="the last frame is cut off"):
        _decoded(packed, "words")
    packed.write_bytes(b"\x28\xb5\x2f\xfd" + b"\x00\xff" * 20)
    with pytest.raises(InvalidArgument, match="source: must be a file that can be read"):
        _decoded(packed, "bytes")


@pytest.mark.parametrize(
    ("name", "write"),
    [("zstandard", lambda p: p.write_bytes(b"\x28\xb5\x2f\xfd1234")), ("pyarrow", lambda p: p.write_bytes(b"PAR1"))],
)  # fmt: skip
def test_a_missing_package_is_named(name, write, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    path = tmp_path / ("a.zst" if name == "zstandard" else "a.parquet")
    write(path)
    result = invoke("symmetry", str(path))
    assert result.exit_code == 2 and len(result.stderr.splitlines()) == 1
    assert name in result.stderr and "pip install -e '.[text]'" in result.stderr


@pytest.fixture
def tokenizer(tmp_path):
    """Byte pairs of the prose, learned here, as a JSON file."""
    tokenizers = pytest.importorskip("tokenizers", reason="tokenizers need the extra text")
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=300, initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )  # fmt: skip
    made.train_from_iterator(LINES, trainer)
    path = tmp_path / "tokenizer.json"
    made.save(str(path))
    return path, made


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_ids_of_a_tokenizer(tokenizer, tmp_path, monkeypatch):
    path, made = tokenizer
    right = [i for line in PROSE.splitlines(keepends=True) for i in made.encode(line).ids]
    right = [made.id_to_token(i) for i in right]
    plain = tmp_path / "a.txt"
    plain.write_text(PROSE, encoding="utf-8")
    for size in (5, 100, 1 << 20):
        monkeypatch.setattr(text_files, "PIECE", size)
        assert _decoded(plain, "ids", tokenizer=str(path)) == right
    found = sk.data.windows(plain, 8, vocabulary=20, tokenizer=path)
    assert found.alphabet.unit == "ids" and found.vocabulary == 20
    report = sk.data.symmetry_report(plain, [4], vocabulary=10, tokenizer=path, shuffles=0)
    assert report.letters == len(right)
    assert invoke("symmetry", str(plain), "--tokenizer", str(path), "--length", "4", "--vocabulary", "10").exit_code == 0  # fmt: skip
    with pytest.raises(InvalidArgument, match="tokenizer: may be given for texts"):
        sk.data.windows(plain, 8, unit="words", tokenizer=path)
    with pytest.raises(InvalidArgument, match="tokenizer: must be a tokenizer's JSON file"):
        sk.data.windows(plain, 8, tokenizer=plain)
    with pytest.raises(InvalidArgument, match="tokenizer: must be a tokenizer's JSON file"):
        sk.data.windows(plain, 8, tokenizer=tmp_path / "none.json")


def test_wikitext_in_both_formats(tmp_path):
    raw, tokens = tmp_path / "wiki.train.raw", tmp_path / "wiki.train.tokens"
    raw.write_text(
        " = Title = \n\n A well @-@ known word , 3 @,@ 000 times . \n\n = = Part = = \n\n Naïve ends . \n"
        * 3
    )
    tokens.write_text(
        " = Title = \n\n A well @-@ known word , 3 @,@ 000 <unk> . \n\n = = Part = = \n\n <unk> ends . \n"
        * 3
    )
    assert _decoded(raw, "words")[:8] == [
        "a",
        "well",
        "known",
        "word",
        "times",
        "naïve",
        "ends",
        "a",
    ]
    assert _decoded(tokens, "words")[:6] == ["a", "well", "known", "word", "ends", "a"]
    found = _decoded(tokens, "tokens")
    assert found.count("<unk>") == 6 and found[3:8] == ["A", "well", "@-@", "known", "word"]


def test_many_files_on_a_cluster(tmp_path):
    """Two workers of Dask and none at all give one report, to the last bit."""
    rng, paths = np.random.default_rng(0), []
    for i in range(4):
        paths.append(tmp_path / f"{i}.npy")
        np.save(paths[-1], rng.integers(0, 3, 3000 + 100 * i))
    alone = sk.data.symmetry_report(paths, [4], shuffles=2)
    with small_cluster() as client:
        spread = sk.data.symmetry_report(paths, [4], shuffles=2, client=client)
        with pytest.raises(InvalidArgument, match="file that can be read"):
            sk.data.symmetry_report([*paths, tmp_path / "none.npy"], [4], client=client)
    assert spread == alone and repr(spread) == repr(alone)
    with pytest.raises(InvalidType, match="client"):
        sk.data.symmetry_report(paths, [4], client=3)
