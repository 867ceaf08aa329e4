from registry.domain.disclosure.gate import enough_new, fewest_new


def patients(**sites: int) -> dict[tuple[str, int], str]:
    return {(site, n): site for site, size in sites.items() for n in range(size)}


def test_all_are_new_in_the_first_report() -> None:
    assert fewest_new({}, patients(A=20)) == 20


def test_a_hospital_sees_how_many_of_the_new_are_not_its_own() -> None:
    assert fewest_new(patients(A=20, B=20), patients(A=30, B=24)) == 4
    assert not enough_new(patients(A=20, B=20), patients(A=30, B=24), 5)


def test_a_hospital_that_has_all_the_new_learns_nothing() -> None:
    assert fewest_new(patients(A=20, B=20), patients(A=32, B=20)) == 12
