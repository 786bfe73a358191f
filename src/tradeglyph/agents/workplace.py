"""Where tools work: a folder, settings, a language."""

from dataclasses import dataclass
from pathlib import Path

from tradeglyph.agents.folder import Folder
from tradeglyph.agents.output import Output
from tradeglyph.app.reading import language
from tradeglyph.app.settings import Settings, load_settings, settings_of
from tradeglyph.app.statement import parameters_of
from tradeglyph.domain.recognizers import Lang, Profile
from tradeglyph.recognizers.statements.parameters import profile_of
from tradeglyph.statements.profiles import load_profiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """What every tool knows."""

    folder: Folder
    settings: Settings
    lang: Lang
    profile: Profile
    """Unless a call names another."""
    output: Output | None = None
    """None: nothing is written."""

    def shown(self, text: str) -> str:
        """A text for the model: without the folder's own path and those of the configuration."""
        text = self.folder.shown(text)
        for path in (self.settings.model, self.settings.statements.profiles):
            if path is not None and Path(path).is_absolute():
                text = text.replace(str(path), Path(path).name)
        return text


def workplace(
    root: str | Path,
    *,
    lang: str | None = None,
    profile: str | None = None,
    config: str | Path | None = None,
    out: str | None = None,
) -> Workplace:
    """Where tools over the folder `root` work.

    Args:
        lang: `en` or `zh`; without, the configuration's.
        profile: `seed` or `audit`; without, the configuration's.
        config: a configuration file; without, `tradeglyph.toml` in the working folder.
        out: a folder below `root` where results may be written; without, nothing is.

    Raises InputError where one of them is wrong, or the configuration is.
    """
    folder = Folder.named(Path(root))
    settings = load_settings() if config is None else settings_of(Path(config))
    section = settings.statements
    asked = section.profile if profile is None else profile_of(profile)
    parameters_of(section, asked)
    load_profiles(section.profiles)
    return Workplace(
        folder=folder,
        settings=settings,
        lang=language(lang or settings.lang),
        profile=asked,
        output=None if out is None else Output.named(folder, out),
    )
