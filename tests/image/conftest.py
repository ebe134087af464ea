import pytest

import container


@pytest.fixture(scope="session")
def image():
    return container.Image()
