"""The guess of a text's language: right where it matters, silent where it cannot know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.serving.language import guess_language

SAMPLES = {
    "English": "The program crashes when I open a file that was saved with the old version.",
    "Chinese": "程序启动后报错, 无法加载模型, 请问如何解决?",
    "Japanese": "起動するとエラーが表示されます。どうすればいいですか?",
    "Korean": "프로그램을 시작하면 오류가 발생합니다. 어떻게 해결하나요?",
    "a language in Cyrillic script": "Программа падает при открытии файла, помогите пожалуйста",
    "a language in Arabic script": "يتعطل البرنامج عند فتح الملف الرجاء المساعدة",
    "Spanish": "Hola, cuando guardo el archivo la aplicación se cierra y no puedo hacer nada con los datos.",
    "French": "Bonjour, quand je lance le programme, il ne répond pas et les fichiers sont dans le dossier.",
    "German": "Wenn ich die Datei speichere, stürzt das Programm ab und der Fehler wird nicht angezeigt.",
    "Portuguese": "Quando abro o arquivo, não vejo uma imagem que está na pasta, mas isso é para todos.",
    "Italian": "Quando apro il programma non funziona, e questo è un problema per gli utenti che sono qui.",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_recognises(language: str) -> None:
    assert guess_language(SAMPLES[language]) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "NullPointerException at com.example.Main",
        "npm ERR! code ELIFECYCLE",
        "Fix CI",
        "привет",
        "🎉🎉🎉",
    ],
)
def test_stays_with_english_where_nothing_can_be_known(text: str) -> None:
    assert guess_language(text) == "English"


def test_english_terms_do_not_hide_chinese() -> None:
    assert guess_language("使用 vLLM 启动 Qwen 模型时 CUDA out of memory 怎么办, 显存不够吗") == "Chinese"


@given(st.text(max_size=3000))
def test_takes_any_text(text: str) -> None:
    assert guess_language(text)
