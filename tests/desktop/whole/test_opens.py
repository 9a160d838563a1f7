"""Every screen opens on the practice records, and nothing is said to be wrong."""


def test_every_screen_and_tab_opens_without_a_problem(whole):
    wrong = {}
    for name, params in whole.places():
        whole.open(name, params)
        if whole.view.problem.words:
            wrong[name, params.get("tab", "")] = whole.view.problem.words
            whole.view.problem.clear()
    assert wrong == {}
