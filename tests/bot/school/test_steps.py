"""The way through a course: every act at every place, and that every course can be finished."""

from hypothesis import given
from hypothesis import strategies as st

from bot.school import steps
from bot.school.record import Kind
from bot.school.states import Practice, Step
from bot.school.steps import Act, Do, Outcome, Place, Refused, Said, Why, after, is_legal
from knowledge import courses as seed

COURSES = seed.load()
ACTS = st.builds(Act, st.sampled_from(Do), st.integers(-1, 6))


@st.composite
def places(draw):
    course = draw(st.sampled_from(COURSES))
    number = draw(st.integers(0, len(course.lessons) - 1))
    lesson = course.lessons[number]
    found = [Place(number, Step.CARD, at) for at in range(len(lesson.cards))]
    found += [Place(number, Step.QUIZ, at) for at in range(len(lesson.quiz))]
    found += [Place(number, step) for step in (Step.PRACTICE, Step.CHECK, Step.STUCK)]
    found.append(Place(len(course.lessons) - 1, Step.DONE))
    return course, draw(st.sampled_from(found))


@given(places(), ACTS)
def test_every_act_at_every_place_leads_to_a_legal_place_or_is_refused(there, act):
    course, place = there
    assert is_legal(course, place)
    done = after(course, place, act)
    if isinstance(done, Refused):
        assert done.why in Why
    else:
        assert is_legal(course, done.place)
        assert done.lesson == place.lesson
        assert done.place.lesson - place.lesson in {0, 1} or done.said is Said.RETAKEN
        assert done.is_finished == (done.place.step is Step.DONE)
        assert (Kind.LESSON in done.learned) == done.is_learned
        assert (Kind.PRACTICE in done.learned) == (done.practice is Practice.DONE)


def onward(course, place):
    """The shortest way on."""
    if place.step is Step.CARD:
        return Act(Do.NEXT)
    if place.step is Step.QUIZ:
        return Act(Do.ANSWER, course.lessons[place.lesson].quiz[place.at].right)
    return Act(Do.SKIP)


@given(st.sampled_from(COURSES), st.lists(ACTS, max_size=60))
def test_every_course_can_be_finished_and_only_through_all_its_lessons(course, wild):
    place, learned = Place(), set()
    for act in wild:
        done = after(course, place, act)
        if isinstance(done, Outcome):
            place = done.place
            learned |= {done.lesson} if done.is_learned else set()
    for _ in range(200):
        done = after(course, place, onward(course, place))
        if isinstance(done, Refused):
            assert done.why is Why.FINISHED
            break
        place = done.place
        learned |= {done.lesson} if done.is_learned else set()
    assert place.step is Step.DONE
    assert learned == set(range(len(course.lessons)))
    assert steps.learned(place) == len(course.lessons)


def test_no_course_ends_in_a_dead_end_after_any_answer():
    for course in COURSES:
        for number, lesson in enumerate(course.lessons):
            stuck = Place(number, Step.STUCK)
            for branch, one in enumerate(lesson.practice.stuck, 1):
                done = after(course, stuck, Act(Do.STUCK, branch))
                assert (done.text, done.stuck) == (one.then, branch - 1)
                assert done.place == Place(number, Step.QUIZ)


def test_a_wrong_answer_explains_and_asks_again():
    course = COURSES[0]
    question = course.lessons[0].quiz[0]
    wrong = next(n for n in range(1, 3) if n != question.right)
    done = after(course, Place(0, Step.QUIZ), Act(Do.ANSWER, wrong))
    assert (done.said, done.text, done.place) == (Said.WRONG, question.why, Place(0, Step.QUIZ))
    assert (done.rights, done.tries) == (0, 1)


def test_a_practice_done_after_all_counts_while_the_quiz_is_open():
    place = Place(0, Step.QUIZ)
    done = after(COURSES[0], place, Act(Do.DONE))
    assert (done.place, done.learned) == (place, (Kind.PRACTICE,))


def test_a_practice_is_not_passed_over_in_silence():
    assert after(COURSES[0], Place(0, Step.PRACTICE), Act(Do.NEXT)) == Refused(Why.CHOOSE)
    assert after(COURSES[0], Place(0, Step.CARD), Act(Do.DONE)) == Refused(Why.NOT_HERE)
