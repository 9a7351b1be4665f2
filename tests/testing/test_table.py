"""The report as data: a row for every derivative that was compared."""

import pickle

import numpy as np
import pytest

from autograd.testing import GradientError, check_gradients

COLUMNS = "order mode argument result found expected error verdict".split()


def column(report, name):
    return [row[name] for row in report.table]


def test_a_row_for_each_derivative_in_each_mode_and_order():
    report = check_gradients(lambda x: np.sin(x), np.array([0.5, 1.0]))
    assert all(list(row) == COLUMNS for row in report.table)
    assert (
        len(report.table) == report.compared == sum(v == "right" for v in column(report, "verdict"))
    )
    first = [row for row in report.table if row["order"] == 1 and row["mode"] == "reverse"]
    assert [(row["argument"], row["result"]) for row in first] == [
        (f"args[0][{i}]", f"result[{j}]") for i in range(2) for j in range(2)
    ]
    assert [row["found"] for row in first] == [np.cos(0.5), 0.0, 0.0, np.cos(1.0)]
    for row in report.table:
        assert type(row["found"]) is type(row["expected"]) is type(row["error"]) is float
        assert abs(row["found"] - row["expected"]) <= 10 * row["error"] + 1e-12
    assert {(row["mode"], row["order"]) for row in report.table} == {
        (mode, order) for mode in ("reverse", "forward") for order in (1, 2)
    }


def test_a_failure_carries_the_table_with_what_is_wrong():
    with pytest.raises(GradientError) as error:
        check_gradients(lambda x: np.sum(x**2), np.array([1.0, 3.0]), grad=lambda x: x * [2, 1])
    right, wrong = error.value.report.table
    assert (right["verdict"], wrong["verdict"]) == ("right", "wrong")
    assert wrong["mode"] == "grad="
    assert wrong["argument"] == "args[0][1]"
    assert (wrong["found"], round(wrong["expected"], 9)) == (3.0, 6.0)


def test_kinks_and_what_is_not_known():
    report = check_gradients(lambda x: np.sum(np.abs(x)), np.array([0.0, 2.0]), order=1)
    assert column(report, "verdict") == ["kink", "right"] * 2
    alone = check_gradients(
        lambda x, y: y * (1.0 if x == 0.5 else np.log(-1.0)), 0.5, 2.0, grad=lambda x, y: (7.0, 1.0)
    )
    assert column(alone, "verdict") == ["unknown", "right"]
    assert np.isnan(column(alone, "expected")[0])


def test_the_table_of_large_arguments_names_directions_and_sums():
    report = check_gradients(lambda x: x**2, np.linspace(1, 2, 300), order=1, modes="reverse")
    assert "args[0] along random direction 0" in column(report, "argument")
    assert "random sum 0 of 300 results" in column(report, "result")


def test_a_report_can_be_stored():
    report = check_gradients(np.tanh, 0.5)
    assert pickle.loads(pickle.dumps(report)).table == report.table
    assert "comparisons" not in repr(report)


def test_pandas_takes_it():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(check_gradients(np.tanh, 0.5).table)
    assert list(frame.columns) == COLUMNS
